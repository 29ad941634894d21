package dev.coatcheck.store.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells the others that this node is alive, on a thread of its own: whatever else goes on, its work
 * is not taken away as long as the database hears of it.
 */
final class Node {

  /** The node tells so many times within a lease at least. */
  private static final int BEATS = 6;

  /** And so often, as it looks in the same go what others have left to do. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Transactions transactions;
  private final Days days;
  private final Duration lease;
  private final Isolation isolation;
  private final Pulse pulse;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coatcheck-node");
        thread.setDaemon(true);
        return thread;
      });

  /**
   * A node that has not joined yet.
   *
   * @param cutOff told when it could not say for a whole lease that it is alive, and again while
   *     that lasts
   */
  Node(Transactions transactions, Days days, Pulse pulse, Duration lease, Runnable cutOff) {
    this.transactions = transactions;
    this.days = days;
    this.pulse = pulse;
    this.lease = lease;
    isolation = new Isolation(lease, pause(lease), cutOff);
  }

  /** From the end of one beat to the next. */
  static Duration pause(Duration lease) {
    Duration part = lease.dividedBy(BEATS);
    return part.compareTo(LOOK) < 0 ? part : LOOK;
  }

  /** Joins the others. Alone, it gives runners elsewhere time to come back. */
  void begin() throws SQLException {
    long sentAt = System.nanoTime();
    Instant now =
        transactions.change(turn -> {
          extendIfAlone(turn, lease);
          return renew(turn);
        });
    isolation.heard(sentAt);
    pulse.beat();
    days.prepare(now);
    isolation.begin();
    long pause = pause(lease).toMillis();
    Future<?> _ = heart.scheduleWithFixedDelay(this::beat, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** How many leases of runners elsewhere it gave more time. */
  static int extendIfAlone(Turn turn, Duration lease) throws SQLException {
    boolean others =
        turn.bind(Sql.OTHER_NODES)
            .runner(turn.fixed().node())
            .time(turn.now())
            .list(Columns::flag)
            .getFirst();
    return others ? 0 : turn.bind(Sql.EXTEND_REMOTE).time(turn.now().plus(lease)).update();
  }

  private void beat() {
    try {
      long sentAt = System.nanoTime();
      Instant now = pulse.beat();
      isolation.heard(sentAt);
      days.prepare(now);
    } catch (RuntimeException | SQLException e) {
      System.getLogger(Node.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "could not tell that this node is alive: " + e.getMessage());
    }
  }

  /** Tells that the node is alive; the time by the database's clock. */
  private Instant renew(Turn turn) throws SQLException {
    turn.bind(Sql.RENEW_NODE)
        .runner(turn.fixed().node())
        .time(turn.now())
        .time(turn.now().plus(lease))
        .update();
    return turn.now();
  }

  /** A beat that is under way must not come after the farewell. */
  private void stopBeating() {
    isolation.close();
    heart.shutdown();
    try {
      heart.awaitTermination(lease.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves the others: what the node holds is free for rescue. */
  void close() {
    stopBeating();
    transactions.change(turn -> {
      turn.bind(Sql.LEAVE_PERMITS).runner(turn.fixed().node()).update();
      return turn.bind(Sql.RELEASE_NODE).runner(turn.fixed().node()).time(turn.now()).update();
    });
  }
}
