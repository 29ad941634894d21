package dev.coatcheck.store.postgres;

import dev.coatcheck.store.StoreUnavailableException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks after this node's permits: gives back what has not been needed for a second, finds out what
 * has ended without this node's knowing, and has those try again who got less than they wanted.
 */
final class Permits implements AutoCloseable {

  private static final long PAUSE_MS = 250;
  private static final int SECOND = 4;
  private static final int LOOK = 8;

  private final Transactions transactions;
  private final Pool reads;
  private final Turn.Fixed fixed;
  private final Consumer<String> tryAgain;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coatcheck-permits");
        thread.setDaemon(true);
        return thread;
      });
  private int ticks;

  Permits(Transactions transactions, Pool reads, Turn.Fixed fixed, Consumer<String> tryAgain) {
    this.transactions = transactions;
    this.reads = reads;
    this.fixed = fixed;
    this.tryAgain = tryAgain;
  }

  void begin() {
    Future<?> _ =
        clock.scheduleWithFixedDelay(this::tick, PAUSE_MS, PAUSE_MS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    ticks++;
    try {
      List<String> wanting = fixed.escrow().workers();
      wanting.removeIf(worker -> !fixed.escrow().wanting(worker));
      if (!wanting.isEmpty() || ticks % LOOK == 0) {
        reconcile();
      }
      if (ticks % SECOND == 0) {
        for (String worker : fixed.escrow().workers()) {
          giveBack(worker, fixed.escrow().idle(worker));
        }
      }
      wanting.forEach(tryAgain);
    } catch (StoreUnavailableException e) {
      System.getLogger(Permits.class.getName())
          .log(System.Logger.Level.DEBUG, "permits are looked after later", e);
    }
  }

  private void giveBack(String worker, long permits) {
    if (permits > 0) {
      boolean done = false;
      try {
        transactions.change(turn -> {
          turn.bind(Sql.RETURN_PERMITS).text(worker).runner(fixed.node()).number(permits).update();
          turn.madeRoom(worker);
          return true;
        });
        done = true;
      } finally {
        fixed.escrow().settle(worker, done ? 0 : permits, Set.of());
        if (done) {
          fixed.escrow().gaveBack(worker, permits);
        }
      }
    }
  }

  /** Another node may have ended what runs here. */
  private void reconcile() {
    Map<String, Set<Escrow.Held>> believed = fixed.escrow().running();
    if (!believed.isEmpty()) {
      // Begun after they were believed to run: whatever runs of them is seen.
      Set<Escrow.Held> held = new HashSet<>();
      reads
          .read(session -> Grants.heldBy(session, fixed.node()))
          .forEach(lease -> held.add(new Escrow.Held(lease.job(), lease.fence())));
      believed.forEach((worker, running) -> {
        running.removeAll(held);
        fixed.escrow().forget(worker, running);
      });
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
