package dev.coatcheck.runners;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts a runner again each time it dies. */
final class Supervisor implements AutoCloseable {

  private final AtomicInteger deaths = new AtomicInteger();
  private final String url;
  private final String worker;
  private volatile RunnerProcess now;
  private volatile boolean closed;

  Supervisor(String url, String worker) throws IOException {
    this.url = url;
    this.worker = worker;
    this.now = RunnerProcess.python(url, worker, 1);
    Thread.startVirtualThread(this::watch);
  }

  private void watch() {
    try {
      while (!closed) {
        now.awaitEnd();
        if (!closed) {
          deaths.incrementAndGet();
          now = RunnerProcess.python(url, worker, 1);
        }
      }
    } catch (IOException | InterruptedException trouble) {
      throw new IllegalStateException(trouble);
    }
  }

  /** How often a runner died. */
  int deaths() {
    return deaths.get();
  }

  @Override
  public void close() {
    closed = true;
    now.close();
  }
}
