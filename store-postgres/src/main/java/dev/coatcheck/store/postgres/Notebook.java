package dev.coatcheck.store.postgres;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Reader.EventPage;
import dev.coatcheck.store.base.Chunks;
import dev.coatcheck.store.base.History;
import dev.coatcheck.store.base.History.EndedGrant;
import dev.coatcheck.store.base.JobRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads what is kept of a job's history. */
final class Notebook {

  private static final int ALL = 1_000_000;

  private Notebook() {}

  static List<Attempt> attempts(Session session, JobRecord row) throws SQLException {
    return History.attempts(row, ended(session, row, 0, ALL), late(session, row));
  }

  static EventPage events(Session session, JobRecord row, long after, int limit)
      throws SQLException {
    List<JobEvent> notes = notes(session, row, after, limit + 1);
    List<EndedGrant> ended = ended(session, row, History.firstFence(after), limit + 1);
    return History.events(row, ended, notes, after, limit);
  }

  private static Map<Long, Usage> late(Session session, JobRecord row) throws SQLException {
    Map<Long, Usage> late = new HashMap<>();
    session
        .bind(Sql.LATE_USAGE)
        .id(row.job().id())
        .list(usage -> late.put(usage.number(), usage.usage()));
    return late;
  }

  private static List<JobEvent> notes(Session session, JobRecord row, long after, int limit)
      throws SQLException {
    return session
        .bind(Sql.NOTES)
        .id(row.job().id())
        .number(after)
        .number(limit)
        .list(Notebook::note);
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

  private static List<EndedGrant> ended(Session session, JobRecord row, long fence, int limit)
      throws SQLException {
    return session
        .bind(Sql.ATTEMPTS)
        .id(row.job().id())
        .number(fence)
        .number(limit)
        .list(Notebook::endedGrant);
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
