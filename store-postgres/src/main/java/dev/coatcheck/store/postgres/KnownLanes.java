package dev.coatcheck.store.postgres;

import dev.coatcheck.store.base.Dealer;
import dev.coatcheck.store.base.Weights;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Which lanes of each worker may have ready jobs, as far as this node knows, and whose turn it is.
 * It learns of lanes from what it makes ready itself, and of those that others do by walking
 * through the queue: whenever a claim finds too little, and now and then while claims find enough.
 * A lane in which a claim found too little is forgotten. What is wrong here costs a look, or a wait
 * for the next walk, never a job.
 */
final class KnownLanes {

  /** So many lanes are walked through at once; the next walk goes on after them. */
  static final int WALK = 200;

  /** So many walks are made for one claim, the next one goes on. */
  private static final int WALKS = 10;

  private static final long BETWEEN_WALKS = Duration.ofMillis(250).toNanos();

  /** Walks take about this part of the time at most. */
  private static final int PART = 5;

  record LaneOf(String worker, String lane) {}

  private static final class Known {
    final Dealer dealer;
    final Map<String, Long> learned = new HashMap<>();
    String walkedTo = "";
    long walkAgain = System.nanoTime();

    Known(Weights weights) {
      dealer = new Dealer(weights);
    }
  }

  private final Weights weights;
  private final Map<String, Known> workers = new HashMap<>();
  private long moment;

  KnownLanes(Weights weights) {
    this.weights = weights;
  }

  /** Jobs of the lanes are ready. */
  synchronized void learn(Collection<LaneOf> lanes) {
    if (!lanes.isEmpty()) {
      moment++;
      lanes.forEach(one -> learn(known(one.worker()), one.lane()));
    }
  }

  private void learn(Known known, String lane) {
    known.learned.put(lane, moment);
    known.dealer.enter(lane);
  }

  /** Stands for all that has been learned up to now. */
  synchronized long moment() {
    return moment;
  }

  /** A look that began at a moment found too little, and nothing has been learned since. */
  synchronized void forget(String worker, String lane, long since) {
    Known known = known(worker);
    Long learned = known.learned.get(lane);
    if (learned != null && learned <= since) {
      known.learned.remove(lane);
      known.dealer.leave(lane);
    }
  }

  /** Deals places to the lanes that may have ready jobs. */
  synchronized Map<String, Integer> deal(String worker, int places, ToLongFunction<String> most) {
    return known(worker).dealer.deal(places, most);
  }

  /** Learns of lanes that others made ready, if it is time to. */
  void refresh(Turn turn, String worker) throws SQLException {
    if (due(worker)) {
      step(turn, worker, walkedTo(worker));
    }
  }

  private synchronized boolean due(String worker) {
    return System.nanoTime() - known(worker).walkAgain >= 0;
  }

  private synchronized String walkedTo(String worker) {
    return known(worker).walkedTo;
  }

  /** Learns of lanes other than some; false if none are found before long. */
  boolean find(Turn turn, String worker, Predicate<String> others) throws SQLException {
    String from = walkedTo(worker);
    boolean around = from.isEmpty();
    for (int walks = 0; walks < WALKS; walks++) {
      List<String> lanes = step(turn, worker, from);
      if (!lanes.stream().allMatch(others)) {
        return true;
      }
      boolean end = lanes.size() < WALK;
      if (end && around) {
        return false;
      }
      around |= end;
      from = end ? "" : lanes.getLast();
    }
    return false;
  }

  private List<String> step(Turn turn, String worker, String from) throws SQLException {
    long start = System.nanoTime();
    List<String> lanes = walk(turn.session(), worker, from);
    long end = System.nanoTime();
    learn(lanes.stream().map(lane -> new LaneOf(worker, lane)).toList());
    walked(worker, lanes, end + Math.max(BETWEEN_WALKS, PART * (end - start)));
    return lanes;
  }

  private synchronized void walked(String worker, List<String> lanes, long again) {
    Known known = known(worker);
    known.walkedTo = lanes.size() < WALK ? "" : lanes.getLast();
    known.walkAgain = again;
  }

  /** Lanes that have ready jobs, in order, {@link #WALK} at most. */
  static List<String> walk(Session session, String worker, String from) throws SQLException {
    return session.bind(Sql.READY_LANES).text(worker).text(from).number(WALK).list(Columns::text);
  }

  private Known known(String worker) {
    return workers.computeIfAbsent(worker, name -> new Known(weights));
  }
}
