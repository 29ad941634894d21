package dev.coatcheck.report;

import dev.coatcheck.store.Reader.Finished;

/** Told of each job that ended by the hand of a runner. */
@FunctionalInterface
public interface Finish {

  void finished(Finished job);
}
