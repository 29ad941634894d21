package dev.coatcheck.store.base;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.EventPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How jobs share a run. The run is a job of the tenant's hidden name; the jobs that share it follow
 * it: they look as it does, with clocks, keys and an end of their own.
 */
public final class Following {

  /** A run ends when nobody shares it any more, hence needs no deadline of its own. */
  private static final Duration DEADLINE = Duration.ofDays(3_660);

  private Following() {}

  /** The run that a job begins. */
  public static NewJob run(NewJob first, long random) {
    Reuse reuse = Objects.requireNonNull(first.reuse());
    return new NewJob(
        new JobId(first.id().high(), random),
        first.tenant().hidden(),
        first.worker(),
        first.workerVersion(),
        first.input(),
        null,
        first.priority(),
        first.lane(),
        null,
        null,
        null,
        first.runTimeout(),
        DEADLINE,
        first.maxAttempts(),
        Integer.MAX_VALUE,
        first.metadata(),
        first.files(),
        null,
        null,
        null,
        null,
        new Reuse(reuse.likeness(), false, reuse.keep(), false),
        0);
  }

  /** A job as it looks while its run is as it is, or once it has the outcome of that run. */
  public static Job view(Job own, Job run) {
    Instant startedAt = run.times().startedAt();
    if (own.done() || startedAt == null) {
      return own.done() ? own.withProgress(run.progress()) : own;
    }
    // A run that is over has still to tell those who share it.
    Phase phase = run.done() ? Phase.RUNNING : run.phase();
    return new Job(
        own.id(),
        own.tenant(),
        own.worker(),
        own.workerVersion(),
        phase,
        run.done() ? null : run.waitReason(),
        run.fence(),
        run.attempt(),
        own.maxAttempts(),
        own.priority(),
        own.lane(),
        own.input(),
        null,
        null,
        run.progress(),
        Usage.NONE,
        times(own.times(), run.times(), later(own.createdAt(), startedAt)),
        own.metadata(),
        own.retryOf(),
        own.retriedBy(),
        own.lineage(),
        own.occasion(),
        null,
        List.of(),
        own.cached(),
        own.coalescedWith());
  }

  private static JobTimes times(JobTimes own, JobTimes run, Instant startedAt) {
    return new JobTimes(
        own.runAt(),
        run.nextAttemptAt(),
        startedAt,
        run.attemptStartedAt(),
        null,
        own.runTimeout(),
        own.queueTimeoutAt(),
        own.deadlineAt(),
        null);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** What happened to a run, as a job that shares it, or did to its end, is told. */
  public static EventPage events(EventPage ofRun, Job own) {
    List<JobEvent> events = new ArrayList<>(ofRun.events().size());
    for (JobEvent event : ofRun.events()) {
      JobEvent told = told(event, own);
      if (told != null) {
        events.add(told);
      }
    }
    return new EventPage(List.copyOf(events), ofRun.more());
  }

  private static @Nullable JobEvent told(JobEvent event, Job own) {
    Instant at = later(own.createdAt(), event.at());
    return switch (event) {
      case JobEvent.Status(long id, Instant was, JobStatus status, var reason, int attempt) ->
          id == EventId.ofStatus(1)
              ? new JobEvent.Status(id, own.createdAt(), status, WaitReason.COALESCED, attempt)
              : new JobEvent.Status(id, at, status, reason, attempt);
      case JobEvent.Progressed(long id, Instant was, var progress) ->
          new JobEvent.Progressed(id, at, progress);
      case JobEvent.Logged(long id, Instant was, String level, String message) ->
          new JobEvent.Logged(id, at, level, message);
      case JobEvent.Output(long id, Instant was, int epoch, long offset, List<String> chunks) ->
          new JobEvent.Output(id, at, epoch, offset, chunks);
      case JobEvent.FileMade(long id, Instant was, var file) ->
          own.done() ? new JobEvent.FileMade(id, at, file) : null;
      case JobEvent.AttemptFailed(long id, Instant was, var error, var next) ->
          new JobEvent.AttemptFailed(id, at, error, next);
      case JobEvent.Done(long id, Instant was, JobStatus status, var output, var error) ->
          own.done()
              ? new JobEvent.Done(
                  id,
                  Objects.requireNonNull(own.times().finishedAt()),
                  own.status(),
                  own.output(),
                  own.error())
              : null;
    };
  }
}
