package dev.coatcheck.simulation.world;

import dev.coatcheck.job.TenantId;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The tenants and workers of a world. */
final class Contracts {

  static final Duration LEASE = Duration.ofSeconds(4);
  static final List<TenantId> TENANTS = List.of(new TenantId("ann"), new TenantId("bob"));

  /** Served by every node; its handlers wait. */
  static final String LOCAL = "local";

  /** Served by every node; its handlers compute. */
  static final String COMPUTE = "compute";

  /** Served by runners elsewhere. */
  static final String PULL = "pull";

  private Contracts() {}

  static Map<String, WorkerSpec> of(Plan plan) {
    SplittableRandom dice = plan.dice("contracts");
    SplittableRandom retention = plan.dice("retention");
    Map<String, WorkerSpec> specs = new TreeMap<>();
    for (String name : List.of(LOCAL, COMPUTE, PULL)) {
      RetryPolicy retry =
          new RetryPolicy(
              Duration.ofMillis(100 + dice.nextInt(900)),
              2,
              Duration.ofMillis(2_000 + dice.nextInt(4_000)),
              dice.nextBoolean());
      specs.put(
          name,
          WorkerSpec.named(name)
              .kind(name.equals(PULL) ? "pull" : "builtin")
              .execution(name.equals(COMPUTE) ? Execution.CPU : Execution.IO)
              .concurrency(1 + dice.nextInt(4))
              .runTimeout(Duration.ofMillis(3_000 + dice.nextInt(9_000)))
              .deadline(Duration.ofMillis(40_000 + dice.nextInt(80_000)))
              .maxAttempts(2 + dice.nextInt(4))
              .maxLost(2 + dice.nextInt(3))
              .retry(retry)
              .retention(plan.has(Trait.SHORT_RETENTION) ? seconds(retention) : Retention.DEFAULT)
              .build());
    }
    return specs;
  }

  private static Retention seconds(SplittableRandom dice) {
    return new Retention(
        Duration.ofMillis(1_000 + dice.nextInt(20_000)),
        Duration.ofMillis(1_000 + dice.nextInt(20_000)),
        Duration.ofMillis(1_000 + dice.nextInt(20_000)));
  }
}
