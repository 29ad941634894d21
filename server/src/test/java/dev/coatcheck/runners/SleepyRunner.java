package dev.coatcheck.runners;

import dev.coatcheck.client.runner.Runner;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A runner in Java that sleeps as long as its jobs say; the grace in milliseconds is its argument.
 */
final class SleepyRunner {

  record Input(long millis) {}

  private SleepyRunner() {}

  public static void main(String[] arguments) throws InterruptedException {
    Map<String, String> environment = System.getenv();
    Runner.connect(String.valueOf(environment.get("COATCHECK_URL")), key(environment))
        .handle(
            String.valueOf(environment.get("WORKER")),
            Input.class,
            Long.class,
            (context, in) -> {
              System.out.println("working on " + context.job());
              Thread.sleep(in.millis());
              return ProcessHandle.current().pid();
            })
        .concurrency(4)
        .grace(Duration.ofMillis(Long.parseLong(arguments[0])))
        .run();
  }

  private static @Nullable String key(Map<String, String> environment) {
    return environment.get("COATCHECK_KEY");
  }
}
