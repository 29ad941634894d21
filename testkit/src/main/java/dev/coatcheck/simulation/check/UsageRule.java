package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I9;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * I9 of late usage: what a runner reports within a minute after its lease has ended is kept with
 * its attempt, marked as late, and never counted for the job.
 */
final class UsageRule {

  private final History history;
  private final Reader reader;

  /** What was counted for the job before the report at hand. */
  private Usage counted = Usage.NONE;

  UsageRule(History history, Reader reader) {
    this.history = history;
    this.reader = reader;
  }

  /** A report took effect; the file is as it was before it. */
  void before(@Nullable JobFile file) {
    counted = file == null ? Usage.NONE : file.job.usage();
  }

  /** A report was answered. */
  void reported(@Nullable JobFile file, Command.ReportUsage report, Result result, Instant now) {
    if (file == null || file.pruned) {
      return;
    }
    Attempt attempt = attempt(file, report.lease());
    if (result instanceof Result.UsageKept(boolean late) && late) {
      kept(file, attempt, report.usage());
    } else if (result instanceof Result.LeaseLost) {
      history.require(
          attempt == null || tooLate(attempt, now),
          I9,
          () -> file.alias + ": usage that came in time was refused");
    }
  }

  private @Nullable Attempt attempt(JobFile file, LeaseToken lease) {
    return file.grant(lease) == null
        ? null
        : reader.attempts(file.job.tenant(), lease.job()).stream()
            .filter(attempt -> attempt.fence() == lease.fence())
            .findFirst()
            .orElse(null);
  }

  private static boolean tooLate(Attempt attempt, Instant now) {
    Instant ended = attempt.finishedAt();
    return ended != null && ended.plus(Command.LATE_USAGE).isBefore(now);
  }

  private void kept(JobFile file, @Nullable Attempt attempt, Usage usage) {
    history.require(
        attempt != null
            && attempt.late()
            && attempt.usage().equals(attempt.usage().replacedBy(usage)),
        I9,
        () -> file.alias + ": late usage was taken, and its attempt does not have it");
    if (reader.job(file.job.tenant(), file.job.id()) instanceof Lookup.Found(Job job)) {
      history.require(
          job.usage().equals(counted),
          I9,
          () -> "%s: late usage made %s of %s".formatted(file.alias, job.usage(), counted));
    }
  }
}
