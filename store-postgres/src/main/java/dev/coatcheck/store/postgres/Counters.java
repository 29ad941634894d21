package dev.coatcheck.store.postgres;

import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Reader.WorkerCounts;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the jobs of each worker move between states in one transaction. Each transaction adds a row;
 * rows are added up when there are many.
 */
final class Counters {

  /** So many rows of a worker are read without adding them up. */
  private static final int ROWS = 200;

  private static final List<Phase> COUNTED =
      List.of(Phase.READY, Phase.WAITING, Phase.RUNNING, Phase.SUSPENDED, Phase.FOLLOWING);

  private static final class Change {
    private final Map<Phase, Long> by = new EnumMap<>(Phase.class);
    private long deadLetters;

    long by(Phase phase) {
      return by.getOrDefault(phase, 0L);
    }

    boolean none() {
      return deadLetters == 0 && by.values().stream().allMatch(change -> change == 0);
    }
  }

  private record Counted(WorkerCounts counts, long rows) {}

  private final Session session;
  private final Map<String, Change> changes = new TreeMap<>();
  private final Map<String, WorkerCounts> first = new HashMap<>();

  Counters(Session session) {
    this.session = session;
  }

  void move(String worker, Phase phase, long by) {
    if (!phase.done()) {
      changes.computeIfAbsent(worker, w -> new Change()).by.merge(phase, by, Long::sum);
    }
  }

  void deadLetters(String worker, long by) {
    changes.computeIfAbsent(worker, w -> new Change()).deadLetters += by;
  }

  /** Within the transaction under way; counts of other transactions under way are not in it. */
  WorkerCounts counts(String worker) throws SQLException {
    WorkerCounts before = read(session, worker).counts();
    Change change = changes.get(worker);
    return change == null
        ? before
        : new WorkerCounts(
            before.ready() + change.by(Phase.READY),
            before.waiting() + change.by(Phase.WAITING),
            before.running() + change.by(Phase.RUNNING),
            before.suspended() + change.by(Phase.SUSPENDED),
            before.following() + change.by(Phase.FOLLOWING),
            before.deadLetters() + change.deadLetters,
            null);
  }

  /**
   * Counted against the limit of the queue, as it was when this transaction first asked, and with
   * its own changes.
   */
  long queued(String worker) throws SQLException {
    WorkerCounts before = first.get(worker);
    if (before == null) {
      before = read(session, worker).counts();
      first.put(worker, before);
    }
    Change change = changes.get(worker);
    return change == null
        ? before.queued()
        : before.queued()
            + change.by(Phase.READY)
            + change.by(Phase.WAITING)
            + change.by(Phase.FOLLOWING);
  }

  private static Counted read(Session session, String worker) throws SQLException {
    Counted counted =
        session
            .bind(Sql.COUNTS)
            .text(worker)
            .first(row ->
                new Counted(
                    new WorkerCounts(
                        row.number(),
                        row.number(),
                        row.number(),
                        row.number(),
                        row.number(),
                        row.number(),
                        null),
                    row.number()));
    return counted == null ? new Counted(new WorkerCounts(0, 0, 0, 0, 0, 0, null), 0) : counted;
  }

  /** Ready jobs, as far as is committed. */
  static long ready(Session session, String worker) throws SQLException {
    return read(session, worker).counts().ready();
  }

  /** What is committed. */
  static WorkerCounts committed(Session session, String worker) throws SQLException {
    WorkerCounts counts = read(session, worker).counts();
    Instant oldest = session.bind(Sql.OLDEST_READY).text(worker).optionalTime();
    return new WorkerCounts(
        counts.ready(),
        counts.waiting(),
        counts.running(),
        counts.suspended(),
        counts.following(),
        counts.deadLetters(),
        oldest);
  }

  /** Writes what has changed; adds up what has become long in the same go. */
  void flush(Housekeeping housekeeping) throws SQLException {
    List<Bind> rows = new ArrayList<>();
    for (Map.Entry<String, Change> entry : changes.entrySet()) {
      Change change = entry.getValue();
      if (!change.none()) {
        rows.add(row(entry.getKey(), change));
        if (housekeeping.counted(entry.getKey(), ROWS)) {
          session.bind(Sql.FOLD_COUNTS).text(entry.getKey()).update();
        }
      }
    }
    Bind.all(rows);
  }

  private Bind row(String worker, Change change) {
    Bind bind = session.bind(Sql.COUNT).text(worker);
    for (Phase phase : COUNTED) {
      bind.number(change.by(phase));
    }
    return bind.number(change.deadLetters);
  }

  /** Remembers how many rows this node has added. */
  static final class Housekeeping {
    private final Map<String, Integer> rows = new HashMap<>();

    synchronized boolean counted(String worker, int most) {
      int now = rows.merge(worker, 1, Integer::sum);
      if (now < most) {
        return false;
      }
      rows.remove(worker);
      return true;
    }
  }
}
