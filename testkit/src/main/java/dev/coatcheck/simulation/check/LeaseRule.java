package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I12;
import static dev.coatcheck.simulation.check.Invariant.I2;
import static dev.coatcheck.simulation.check.Invariant.I9;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.simulation.check.JobFile.Granted;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fencing half of I2, and I12: a verb of a lease is taken exactly while that lease holds its
 * job; a job is taken back from a runner elsewhere only after its lease ran out in store time, and
 * from a node only when that node is gone; no more attempts run than the worker allows.
 */
final class LeaseRule {

  private final History history;
  private final Predicate<String> nodeIsUp;

  LeaseRule(History history, Predicate<String> nodeIsUp) {
    this.history = history;
    this.nodeIsUp = nodeIsUp;
  }

  /** A verb was answered; the file is as it was before it. */
  void verb(@Nullable JobFile file, LeaseToken token, String verb, boolean taken) {
    boolean holds = file != null && file.heldBy(token);
    String alias = file == null ? token.toString() : file.alias;
    history.require(
        holds || !taken,
        I2,
        () ->
            "%s of %s was taken under fence %d, %s"
                .formatted(verb, alias, token.fence(), standing(file)));
    history.require(
        !holds || taken, I2, () -> "%s of %s was refused to its holder".formatted(verb, alias));
  }

  private static String standing(@Nullable JobFile file) {
    return file == null ? "of an unknown job" : "while it was " + MoveRule.shown(file.job);
  }

  /** A rescue took a running job from its holder. */
  void takenBack(JobFile file, Granted holder, Instant now) {
    Attempt last = file.attempts.getLast();
    if (last.state() == Attempt.State.TIMED_OUT) {
      return;
    }
    history.require(
        last.state() == Attempt.State.LOST,
        I9,
        () ->
            "%s was taken back, and its attempt counts as %s".formatted(file.alias, last.state()));
    Instant until = holder.leaseUntil;
    if (until != null) {
      history.require(
          !until.isAfter(now),
          I12,
          () ->
              "%s was taken back %s before its lease ran out"
                  .formatted(file.alias, java.time.Duration.between(now, until)));
    } else {
      history.require(
          !nodeIsUp.test(holder.node),
          I12,
          () -> "%s was taken from %s, which lives".formatted(file.alias, holder.node));
    }
  }

  /** A grant was given: how many of the worker run by now, on all nodes and elsewhere. */
  void counted(Map<?, JobFile> files, JobFile given, int concurrency) {
    long running =
        files.values().stream()
            .filter(file -> file.job.phase() == Phase.RUNNING)
            .filter(file -> file.job.worker().equals(given.job.worker()))
            .count();
    history.require(
        running <= concurrency,
        I12,
        () -> "%d attempts of %s run, of %d".formatted(running, given.job.worker(), concurrency));
  }
}
