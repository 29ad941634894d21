package dev.coatcheck.simulation.world;

import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Somebody who redrives dead letters and cancels what waits, many at once, as long as it storms.
 */
final class ManyJobs {

  private static final List<String> WORKERS =
      List.of(Contracts.LOCAL, Contracts.COMPUTE, Contracts.PULL);

  private final World world;
  private final RandomGenerator dice;

  ManyJobs(World world, RandomGenerator dice) {
    this.world = world;
    this.dice = dice;
  }

  void run() {
    try {
      while (world.faults().storming()) {
        world.scheduler().pause(Duration.ofMillis(500 + dice.nextInt(6_000)));
        begin();
      }
    } catch (InterruptedException never) {
      throw new IllegalStateException(never);
    }
  }

  /** Whether it arrives is not asked: once more would be another one. */
  private void begin() throws InterruptedException {
    TenantId tenant = Contracts.TENANTS.get(dice.nextInt(Contracts.TENANTS.size()));
    String worker = WORKERS.get(dice.nextInt(WORKERS.size()));
    Order order =
        dice.nextInt(5) == 0
            ? new Order.Cancel(new JobFilter(worker, JobStatus.QUEUED, null, null, null))
            : Order.Redrive.asTheyWere(
                dice.nextBoolean() ? DeadLetterFilter.NONE : DeadLetterFilter.of(worker));
    Pace pace =
        new Pace(
            dice.nextBoolean() ? (Integer) (1 + dice.nextInt(5)) : null,
            dice.nextInt(3) == 0 ? (Long) (1L + dice.nextInt(3)) : null);
    Wire.Reply<Operation> reply =
        world
            .wire()
            .call(
                world.machine(),
                world.anyNode(dice),
                Wire.Call.of(engine -> engine.bulk().begin(tenant, order, pace)));
    if (reply instanceof Wire.Reply.Answer(Operation operation)) {
      world.history().tell("bulk", order.kind() + " of " + operation.matched());
    }
  }
}
