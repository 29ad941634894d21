package dev.coatcheck.store.base;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.store.Reader.EventPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells what happened to a job: notes are kept, changes of status follow from job and attempts. */
public final class History {

  /**
   * A grant that ended with its job still open.
   *
   * @param suspended whether the job waited after it
   * @param leftAt when that was over
   */
  public record EndedGrant(Attempt attempt, boolean suspended, @Nullable Instant leftAt) {}

  private final JobRecord record;
  private final List<JobEvent> events = new ArrayList<>();
  private final long after;

  private History(JobRecord record, long after) {
    this.record = record;
    this.after = after;
  }

  /**
   * The attempts of a job, oldest first.
   *
   * @param late by fence, what was used too late to count
   */
  public static List<Attempt> attempts(
      JobRecord record, List<EndedGrant> ended, Map<Long, Usage> late) {
    List<Attempt> attempts = new ArrayList<>();
    ended.forEach(grant -> attempts.add(grant.attempt()));
    Attempt last = record.lastGrant();
    if (last != null) {
      attempts.add(last);
    }
    return attempts.stream().map(attempt -> withLate(attempt, late.get(attempt.fence()))).toList();
  }

  private static Attempt withLate(Attempt attempt, @Nullable Usage late) {
    return late == null ? attempt : attempt.withLate(late);
  }

  /** The fence from which on grants tell of what came after an event. */
  public static long firstFence(long after) {
    // A suspension tells of two fences after the one of its grant.
    return EventId.fence(after) - 1;
  }

  /**
   * Events after one, in order.
   *
   * @param ended grants from {@link #firstFence} on, one more than the limit at most
   * @param notes what was reported after the event, likewise
   */
  public static EventPage events(
      JobRecord record, List<EndedGrant> ended, List<JobEvent> notes, long after, int limit) {
    History history = new History(record, after);
    history.events.addAll(notes);
    history.moves(ended);
    history.events.sort(Comparator.comparingLong(JobEvent::id));
    List<JobEvent> events = history.events;
    boolean more = events.size() > limit;
    return new EventPage(List.copyOf(more ? events.subList(0, limit) : events), more);
  }

  private Job job() {
    return record.job();
  }

  private void moves(List<EndedGrant> grants) {
    Job job = job();
    WaitReason born = record.scheduled() ? WaitReason.SCHEDULED : null;
    add(new JobEvent.Status(EventId.ofStatus(1), job.createdAt(), JobStatus.QUEUED, born, 0));
    for (EndedGrant grant : grants) {
      granted(grant.attempt());
      if (grant.suspended()) {
        suspended(grant);
      } else {
        returned(grant.attempt());
      }
    }
    Attempt last = record.lastGrant();
    if (last != null) {
      granted(last);
      Instant ended = last.finishedAt();
      if (ended != null) {
        failed(last, last.fence(), ended, null);
      }
    }
    Instant finishedAt = job.times().finishedAt();
    if (finishedAt != null) {
      files(finishedAt);
      add(
          new JobEvent.Done(
              EventId.ofStatus(job.fence()), finishedAt, job.status(), job.output(), job.error()));
    }
  }

  private void returned(Attempt attempt) {
    Instant finishedAt = Objects.requireNonNull(attempt.finishedAt());
    boolean lost = attempt.state() == Attempt.State.LOST;
    failed(attempt, attempt.fence(), finishedAt, lost ? finishedAt : attempt.nextAttemptAt());
    queued(attempt, attempt.fence() + 1, finishedAt);
  }

  private void suspended(EndedGrant grant) {
    Attempt attempt = grant.attempt();
    long fence = attempt.fence() + 1;
    add(
        new JobEvent.Status(
            EventId.ofStatus(fence),
            Objects.requireNonNull(attempt.finishedAt()),
            JobStatus.RUNNING,
            WaitReason.CALLBACK,
            attempt.number()));
    Instant leftAt = grant.leftAt();
    if (leftAt == null) {
      return;
    }
    failed(attempt, fence, leftAt, attempt.nextAttemptAt());
    boolean last = job().done() && job().fence() == fence + 1;
    if (!last) {
      queued(attempt, fence + 1, leftAt);
    }
  }

  private void queued(Attempt attempt, long fence, Instant at) {
    add(
        new JobEvent.Status(
            EventId.ofStatus(fence), at, JobStatus.QUEUED, attempt.waitReason(), attempt.number()));
  }

  private void granted(Attempt attempt) {
    add(
        new JobEvent.Status(
            EventId.ofStatus(attempt.fence()),
            attempt.startedAt(),
            JobStatus.RUNNING,
            null,
            attempt.number()));
  }

  private void failed(Attempt attempt, long fence, Instant at, @Nullable Instant next) {
    JobError error = attempt.error();
    if (error != null) {
      add(new JobEvent.AttemptFailed(EventId.ofFailure(fence), at, error, next));
    }
  }

  private void files(Instant at) {
    Job job = job();
    int count = job.files().size();
    for (int i = 0; i < count; i++) {
      long id = EventId.ofFile(job.fence() - 1, i, count);
      add(new JobEvent.FileMade(id, at, job.files().get(i)));
    }
  }

  private void add(JobEvent event) {
    if (event.id() > after) {
      events.add(event);
    }
  }
}
