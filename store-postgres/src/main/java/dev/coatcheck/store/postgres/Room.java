package dev.coatcheck.store.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How many more jobs of one worker may start in one transaction. A node starts jobs on the permits
 * that it has, which needs no lock. When it needs more, when runners elsewhere ask, and always when
 * the lanes have a limit of their own, all that runs is counted under the worker's lock.
 */
final class Room {

  /** Of the room that is left, this part is taken along with what is needed. */
  private static final int PART = 8;

  private final Turn turn;
  private final String worker;
  private final boolean elsewhere;
  private final List<Escrow.Held> granted = new ArrayList<>();
  private @Nullable Map<String, Long> running;
  private boolean counted;
  private boolean onPermits;
  private long free;

  /** What is wanted beyond that. */
  private long left;

  private long promised;
  private long permits;
  private long available;

  private Room(Turn turn, String worker, boolean elsewhere) {
    this.turn = turn;
    this.worker = worker;
    this.elsewhere = elsewhere;
  }

  /**
   * The room for this node's own grants, or for those of a runner elsewhere.
   *
   * @param wanted how many are about to start, if there are as many
   */
  static Room of(Turn turn, String worker, boolean elsewhere, long wanted) throws SQLException {
    Room room = new Room(turn, worker, elsewhere);
    room.left = wanted;
    turn.finallyDo(room::over);
    if (!turn.workers().limited(worker)) {
      room.free = wanted;
    } else if (elsewhere || turn.workers().perKey(worker)) {
      room.count();
    } else {
      room.permit();
    }
    return room;
  }

  /** How many more may start. */
  int free() {
    return Math.clamp(free, 0, Integer.MAX_VALUE);
  }

  /** How many more of the lane may start, as far as its own limit goes. */
  long free(String lane) {
    return running == null
        ? Long.MAX_VALUE
        : turn.workers().concurrencyPerKey(worker) - running.getOrDefault(lane, 0L);
  }

  /** One starts. */
  void take(Escrow.Held grant, String lane) {
    free--;
    if (!elsewhere) {
      granted.add(grant);
    }
    if (running != null) {
      running.merge(lane, 1L, Long::sum);
    }
  }

  /** Whether there is room after all, once others have been asked. */
  boolean more() throws SQLException {
    if (onPermits && free <= 0 && left > 0) {
      Escrow escrow = turn.fixed().escrow();
      if (!counted && escrow.mayAsk(worker)) {
        ask();
      }
      if (free <= 0) {
        escrow.wants(worker);
      }
    }
    return free > 0;
  }

  private void permit() throws SQLException {
    Escrow escrow = turn.fixed().escrow();
    onPermits = true;
    if (escrow.spare(worker)) {
      permits =
          turn
              .bind(Sql.OWN_PERMITS)
              .text(worker)
              .runner(turn.fixed().node())
              .list(Columns::number)
              .stream()
              .mapToLong(Long::longValue)
              .sum();
      escrow.permits(worker, permits);
      promise(permits);
    }
    if (free == 0) {
      more();
    }
  }

  /** Takes what is not taken by others, as far as it will be needed. */
  private void ask() throws SQLException {
    lock();
    if (turn.workers().perKey(worker)) {
      count();
      return;
    }
    Map<UUID, Long> all = permits();
    Escrow escrow = turn.fixed().escrow();
    permits = all.getOrDefault(self(), 0L);
    available = Math.max(0, turn.workers().concurrency(worker) - occupied(all));
    if (available == 0) {
      escrow.refused(worker);
    }
    escrow.permits(worker, permits);
    promise(Math.max(permits, escrow.busy(worker)) + available);
  }

  private void promise(long places) {
    long more = turn.fixed().escrow().promise(worker, places, left);
    promised += more;
    free += more;
    left -= more;
  }

  private void count() throws SQLException {
    if (!counted) {
      lock();
    }
    turn.flush();
    Map<UUID, Long> all = permits();
    if (all.containsKey(self())) {
      withdraw(all);
    }
    long taken = all.isEmpty() ? turn.counters().counts(worker).running() : occupied(all);
    free = Math.min(left, turn.workers().concurrency(worker) - taken);
    if (turn.workers().perKey(worker)) {
      Map<String, Long> byLane = new HashMap<>();
      turn.bind(Sql.RUNNING_BY_LANE)
          .text(worker)
          .list(row -> Map.entry(row.text(), row.number()))
          .forEach(lane -> byLane.put(lane.getKey(), lane.getValue()));
      running = byLane;
    }
  }

  /** Gives back what this node does not need. */
  private void withdraw(Map<UUID, Long> all) throws SQLException {
    long own = all.getOrDefault(self(), 0L);
    long idle = turn.fixed().escrow().withhold(worker, own);
    promised += idle;
    if (idle > 0) {
      turn.bind(Sql.RETURN_PERMITS).text(worker).runner(turn.fixed().node()).number(idle).update();
      turn.after(() -> turn.fixed().escrow().permits(worker, own - idle));
      all.put(self(), own - idle);
    }
  }

  /** From now on nobody else raises permits, and the worker is as its last change left it. */
  private void lock() throws SQLException {
    counted = true;
    turn.bind(Sql.LOCK_WORKER).text(worker).run();
    turn.refreshWorkers();
  }

  private Map<UUID, Long> permits() throws SQLException {
    Map<UUID, Long> permitted = new HashMap<>();
    turn.bind(Sql.PERMITS)
        .text(worker)
        .list(row -> Map.entry(Objects.requireNonNull(row.uuid()), row.number()))
        .forEach(node -> permitted.put(node.getKey(), node.getValue()));
    return permitted;
  }

  private UUID self() {
    return Uuids.of(turn.fixed().node());
  }

  /** Places that are taken: of each node what it may run, or what it does run if that is more. */
  private long occupied(Map<UUID, Long> permitted) throws SQLException {
    record Running(UUID runner, boolean local, long jobs) {}
    long occupied = 0;
    Map<UUID, Long> left = new HashMap<>(permitted);
    for (Running one :
        turn.bind(Sql.RUNNING_BY_RUNNER)
            .text(worker)
            .list(
                row -> new Running(Objects.requireNonNull(row.uuid()), row.flag(), row.number()))) {
      Long may = one.local() ? left.remove(one.runner()) : null;
      occupied += may == null ? one.jobs() : Math.max(may, one.jobs());
    }
    for (long unused : left.values()) {
      occupied += unused;
    }
    return occupied;
  }

  /** Before the commit: takes the permits that are needed. */
  void flush() throws SQLException {
    if (!onPermits || available == 0 || granted.isEmpty()) {
      return;
    }
    // What is promised to others of this node is within what it has.
    long busy = turn.fixed().escrow().busy(worker) - promised + granted.size();
    long more = Math.clamp(busy - permits, 0, available);
    long added = more + (available - more) / PART;
    if (added > 0) {
      turn.bind(Sql.ADD_PERMITS).text(worker).runner(turn.fixed().node()).number(added).update();
      turn.after(() -> turn.fixed().escrow().permits(worker, permits + added));
    }
  }

  private void over() {
    turn.fixed().escrow().settle(worker, promised, granted);
  }
}
