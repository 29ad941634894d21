package dev.coatcheck.chaos;

import java.util.concurrent.atomic.AtomicInteger;

/** Asks a server again and again whether it lives and whether it is ready. */
final class Pulse implements AutoCloseable {

  private static final int EVERY_MS = 100;

  private final Api api;
  private final Witness witness;
  private final AtomicInteger unready = new AtomicInteger();
  private final Thread thread;
  private volatile boolean stopping;

  Pulse(Api api, Witness witness) {
    this.api = api;
    this.witness = witness;
    thread = Thread.ofVirtual().unstarted(this::run);
  }

  /** How often it was answered that the server is not ready. */
  int unready() {
    return unready.get();
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stopping) {
        api.get("/health/live").by(witness, "live", line -> {});
        if (api.get("/health/ready").by(witness, "ready", line -> {}).http() == 503) {
          unready.incrementAndGet();
        }
        Thread.sleep(EVERY_MS);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
