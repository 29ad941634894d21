package dev.coatcheck.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call under way on a thread of its own. A thread that reads from a socket does not hear an
 * interrupt unless it is virtual, and no read has a bound of its own that a host could not stretch
 * byte by byte. So the caller's thread only waits, and cuts the connection when it is interrupted
 * or the time is over.
 */
final class Flight {

  private final Call call;
  private final Duration total;
  private final Thread thread;
  private @Nullable Outcome outcome;
  private @Nullable Throwable trouble;

  Flight(Call call, Duration total) {
    this.call = call;
    this.total = total;
    this.thread = Thread.ofVirtual().name("outbound").unstarted(this::run);
  }

  private void run() {
    try {
      outcome = call.run();
    } catch (Throwable thrown) {
      trouble = thrown;
    }
  }

  /** Runs the call to its end, which is soon after the total time at the latest. */
  Outcome outcome() throws InterruptedException, IOException {
    thread.start();
    Optional<Outcome> timedOut = Optional.empty();
    try {
      if (!thread.join(total)) {
        timedOut = Optional.of(call.timedOut());
      }
    } finally {
      land();
    }
    return timedOut.isPresent() ? timedOut.get() : result();
  }

  /** Ends the call, and waits for that: nothing writes to the caller's sink afterwards. */
  private void land() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      call.cut();
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome result() throws IOException {
    if (outcome != null) {
      return outcome;
    }
    switch (trouble) {
      case Exchange.SinkException sink when sink.getCause() instanceof IOException cause ->
          throw cause;
      case RuntimeException defect -> throw defect;
      case Error defect -> throw defect;
      case null, default -> throw new IllegalStateException(trouble);
    }
  }
}
