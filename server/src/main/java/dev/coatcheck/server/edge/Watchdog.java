package dev.coatcheck.server.edge;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks twice a second for peers that hold a connection without using it, and cuts them off. */
public final class Watchdog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Set<Watched> all = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Something that may hang on its peer. */
  public interface Watched {

    /** Whether its time is over, by {@link System#nanoTime}. */
    boolean overdue(long nanos);

    void cut();
  }

  public Watchdog() {
    Thread.ofPlatform().daemon().name("coatcheck-watchdog").start(this::run);
  }

  public void add(Watched watched) {
    all.add(watched);
  }

  public void remove(Watched watched) {
    all.remove(watched);
  }

  private void run() {
    try {
      while (!stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        for (Watched watched : all) {
          if (watched.overdue(now)) {
            cut(watched);
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void cut(Watched watched) {
    all.remove(watched);
    try {
      watched.cut();
    } catch (RuntimeException trouble) {
      log.debug("could not cut a connection", trouble);
    }
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
