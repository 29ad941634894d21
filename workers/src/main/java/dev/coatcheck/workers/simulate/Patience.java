package dev.coatcheck.workers.simulate;

import dev.coatcheck.handler.WorkContext;
import java.time.Duration;
import java.time.Instant;

/**
 * How a simulated job waits and computes.
 *
 * @param stubborn goes on although it is told to stop
 */
record Patience(WorkContext context, boolean stubborn) {

  private static final Duration LONG = Duration.ofDays(1);
  private static final int ROUNDS = 100_000;

  void spend(long millis) throws InterruptedException {
    if (millis <= 0) {
      pause(Duration.ZERO);
      return;
    }
    Instant until = context.now().plusMillis(millis);
    while (context.now().isBefore(until)) {
      pause(Duration.between(context.now(), until));
    }
  }

  void waitForever() throws InterruptedException {
    spend(LONG.toMillis());
  }

  void compute(long millis) throws InterruptedException {
    Instant until = context.now().plusMillis(millis);
    long sink = 1;
    while (context.now().isBefore(until)) {
      for (int i = 0; i < ROUNDS; i++) {
        sink = sink * 6_364_136_223_846_793_005L + i;
      }
      pause(sink == 0 ? Duration.ofNanos(1) : Duration.ZERO);
    }
  }

  private void pause(Duration duration) throws InterruptedException {
    if (!stubborn) {
      context.sleep(duration);
      return;
    }
    try {
      context.sleep(duration);
    } catch (InterruptedException ignored) {
      // Stubborn: told to stop, and goes on.
    }
  }
}
