package dev.coatcheck.chaos;

/** Asks a server again and again whether it lives and whether it is ready. */
final class Pulse implements AutoCloseable {

  private static final int EVERY_MS = 100;

  private final Api api;
  private final Witness witness;
  private final Thread thread;
  private volatile boolean stopping;

  Pulse(Api api, Witness witness) {
    this.api = api;
    this.witness = witness;
    thread = Thread.ofVirtual().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stopping) {
        api.get("/health/live").by(witness, "live", line -> {});
        api.get("/health/ready").by(witness, "ready", line -> {});
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
