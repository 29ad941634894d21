package dev.coatcheck.store.sqlite;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Reader.EventPage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells what happened to a job: notes are rows, changes of status follow from job and attempts. */
final class History {

  private static final int ALL = 1_000_000;

  private final Session session;
  private final JobRow row;
  private final List<JobEvent> events = new ArrayList<>();
  private final long after;

  private History(Session session, JobRow row, long after) {
    this.session = session;
    this.row = row;
    this.after = after;
  }

  static List<Attempt> attempts(Session session, JobRow row) throws SQLException {
    List<Attempt> attempts = new ArrayList<>();
    ended(session, row, 0, ALL).forEach(grant -> attempts.add(grant.attempt()));
    Attempt last = row.lastGrant();
    if (last != null) {
      attempts.add(last);
    }
    Map<Long, Usage> late = late(session, row);
    return attempts.stream().map(attempt -> withLate(attempt, late.get(attempt.fence()))).toList();
  }

  private static Map<Long, Usage> late(Session session, JobRow row) throws SQLException {
    Map<Long, Usage> late = new HashMap<>();
    try (ResultSet rows = session.bind(Sql.LATE_USAGE).number(row.seq()).query()) {
      Columns usage = new Columns(rows);
      while (usage.next()) {
        late.put(usage.number(), usage.usage());
      }
    }
    return late;
  }

  private static Attempt withLate(Attempt attempt, @Nullable Usage late) {
    return late == null ? attempt : attempt.withLate(late);
  }

  static EventPage events(Session session, JobRow row, long after, int limit) throws SQLException {
    History history = new History(session, row, after);
    history.notes(limit + 1);
    history.moves(limit + 1);
    history.events.sort(Comparator.comparingLong(JobEvent::id));
    List<JobEvent> events = history.events;
    boolean more = events.size() > limit;
    return new EventPage(List.copyOf(more ? events.subList(0, limit) : events), more);
  }

  private void moves(int limit) throws SQLException {
    Job job = row.job();
    WaitReason born = row.scheduled() ? WaitReason.SCHEDULED : null;
    add(new JobEvent.Status(EventId.ofStatus(1), job.createdAt(), JobStatus.QUEUED, born, 0));
    // A suspension tells of two fences after the one of its grant.
    for (EndedGrant grant : ended(session, row, EventId.fence(after) - 1, limit)) {
      granted(grant.attempt());
      if (grant.suspended()) {
        suspended(grant);
      } else {
        returned(grant.attempt());
      }
    }
    Attempt last = row.lastGrant();
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
    boolean last = row.job().done() && row.job().fence() == fence + 1;
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
    Job job = row.job();
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

  private void notes(int limit) throws SQLException {
    try (ResultSet rows =
        session.bind(Sql.NOTES).number(row.seq()).number(after).number(limit).query()) {
      Columns note = new Columns(rows);
      while (note.next()) {
        events.add(note(note));
      }
    }
  }

  private static JobEvent note(Columns note) throws SQLException {
    long id = note.number();
    Instant at = note.time();
    String kind = note.text();
    String label = note.optionalText();
    String text = note.optionalText();
    Double fraction = note.real();
    int epoch = note.count();
    long position = note.number();
    return switch (kind) {
      case "progress" -> new JobEvent.Progressed(id, at, new Progress(fraction, label, text));
      case "log" ->
          new JobEvent.Logged(id, at, Objects.requireNonNull(label), Objects.requireNonNull(text));
      case "output" ->
          new JobEvent.Output(
              id, at, epoch, position, Chunks.of(label, Objects.requireNonNull(text)));
      default -> throw new IllegalStateException("unknown kind of event " + kind);
    };
  }

  /**
   * A grant that ended with its job still open.
   *
   * @param suspended whether the job waited after it
   * @param leftAt when that was over
   */
  private record EndedGrant(Attempt attempt, boolean suspended, @Nullable Instant leftAt) {}

  private static List<EndedGrant> ended(Session session, JobRow row, long fence, int limit)
      throws SQLException {
    List<EndedGrant> grants = new ArrayList<>();
    try (ResultSet rows =
        session.bind(Sql.ATTEMPTS).number(row.seq()).number(fence).number(limit).query()) {
      Columns columns = new Columns(rows);
      while (columns.next()) {
        grants.add(endedGrant(columns));
      }
    }
    return grants;
  }

  private static EndedGrant endedGrant(Columns row) throws SQLException {
    Attempt attempt = attempt(row);
    return new EndedGrant(attempt, row.flag(), row.optionalTime());
  }

  private static Attempt attempt(Columns row) throws SQLException {
    int number = row.count();
    long fence = row.number();
    Attempt.State state = Attempt.State.parse(row.text()).orElseThrow();
    RunnerId runner = Objects.requireNonNull(row.runner());
    Instant startedAt = row.time();
    Instant finishedAt = row.time();
    WaitReason reason = row.waitReason();
    Instant next = row.optionalTime();
    Usage usage = row.usage();
    return new Attempt(
        number,
        fence,
        state,
        runner.toString(),
        startedAt,
        finishedAt,
        row.error(),
        usage,
        false,
        reason,
        next);
  }
}
