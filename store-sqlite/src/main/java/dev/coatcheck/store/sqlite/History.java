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
import java.util.List;
import java.util.Objects;

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
    List<Attempt> attempts = new ArrayList<>(ended(session, row, 0, ALL));
    Attempt last = row.lastGrant();
    if (last != null) {
      attempts.add(last);
    }
    return List.copyOf(attempts);
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
    for (Attempt attempt : ended(session, row, EventId.fence(after), limit)) {
      Instant finishedAt = Objects.requireNonNull(attempt.finishedAt());
      granted(attempt);
      boolean lost = attempt.state() == Attempt.State.LOST;
      failed(attempt, lost ? finishedAt : attempt.nextAttemptAt());
      add(
          new JobEvent.Status(
              EventId.ofStatus(attempt.fence() + 1),
              finishedAt,
              JobStatus.QUEUED,
              attempt.waitReason(),
              attempt.number()));
    }
    Attempt last = row.lastGrant();
    if (last != null) {
      granted(last);
      failed(last, null);
    }
    Instant finishedAt = job.times().finishedAt();
    if (finishedAt != null) {
      add(
          new JobEvent.Done(
              EventId.ofStatus(job.fence()), finishedAt, job.status(), job.output(), job.error()));
    }
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

  private void failed(Attempt attempt, @org.jspecify.annotations.Nullable Instant next) {
    JobError error = attempt.error();
    Instant finishedAt = attempt.finishedAt();
    if (error != null && finishedAt != null) {
      add(new JobEvent.AttemptFailed(EventId.ofFailure(attempt.fence()), finishedAt, error, next));
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
          new JobEvent.Output(id, at, epoch, position, List.of(Objects.requireNonNull(text)));
      default -> throw new IllegalStateException("unknown kind of event " + kind);
    };
  }

  private static List<Attempt> ended(Session session, JobRow row, long fence, int limit)
      throws SQLException {
    List<Attempt> attempts = new ArrayList<>();
    try (ResultSet rows =
        session.bind(Sql.ATTEMPTS).number(row.seq()).number(fence).number(limit).query()) {
      Columns columns = new Columns(rows);
      while (columns.next()) {
        attempts.add(attempt(columns));
      }
    }
    return attempts;
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
        reason,
        next);
  }
}
