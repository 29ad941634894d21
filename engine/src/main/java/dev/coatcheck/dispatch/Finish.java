package dev.coatcheck.dispatch;

import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import java.time.Instant;

/** Told of each job that ended by the hand of this node. */
@FunctionalInterface
public interface Finish {

  void finished(Grant grant, Phase phase, Instant finishedAt);
}
