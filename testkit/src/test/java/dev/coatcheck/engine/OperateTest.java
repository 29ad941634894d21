package dev.coatcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operate.Drafter;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.Operation.Tally;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.store.DeadLetterQuery;
import dev.coatcheck.testkit.InMemoryStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations go on where they stood, whoever did them before. */
@Timeout(60)
class OperateTest {

  private static final TenantId TENANT = TenantId.DEFAULT;

  @Test
  void an_operation_that_was_cut_off_goes_on_and_redrives_each_job_once() throws Exception {
    Operation begun;
    InMemoryStore store;
    List<JobId> dead = new ArrayList<>();
    try (Bench bench = failing()) {
      for (int i = 0; i < 4; i++) {
        JobId id = bench.submit(Bench.job("w"));
        bench.until(id, Phase.FAILED);
        dead.add(id);
      }
      bench.engine.operate(Drafter::asItWas, result -> {});
      Order order = Order.Redrive.asTheyWere(DeadLetterFilter.of("w"));
      begun = bench.engine.bulk().begin(TENANT, order, new Pace(1, null));
      assertThat(begun.matched()).isEqualTo(4);
      until(bench, begun, operation -> operation.tally().succeeded() == 1);
      store = bench.store;
    }
    try (Bench next = failing(store.restart())) {
      next.engine.operate(Drafter::asItWas, result -> {});

      Operation end = until(next, begun, Operation::done);

      assertThat(end.tally()).isEqualTo(new Tally(4, 0, 0));
      List<DeadLetterEntry> redriven =
          next.engine
              .reader()
              .deadLetters(
                  new DeadLetterQuery(TENANT, DeadLetterFilter.NONE, State.REDRIVEN, null, 100));
      assertThat(redriven)
          .extracting(DeadLetterEntry::job)
          .containsExactlyInAnyOrderElementsOf(dead);
      assertThat(redriven).extracting(DeadLetterEntry::redrivenAs).doesNotHaveDuplicates();
    }
  }

  private static Bench failing() throws InterruptedException {
    return failing(InMemoryStore.open(java.time.InstantSource.system(), new java.util.Random(1)));
  }

  /** Its worker fails for good. */
  private static Bench failing(InMemoryStore store) throws InterruptedException {
    return new Bench(store)
        .serve(
            "w",
            (context, input) -> {
              throw WorkFailure.permanent(ErrorCode.UPSTREAM_REJECTED, "no");
            });
  }

  private static Operation until(
      Bench bench, Operation begun, java.util.function.Predicate<Operation> condition)
      throws InterruptedException {
    long end = System.nanoTime() + Bench.LONG.toNanos();
    while (true) {
      Operation now = bench.engine.reader().operation(TENANT, begun.id()).orElseThrow();
      if (condition.test(now)) {
        return now;
      }
      assertThat(System.nanoTime()).as("in time: %s", now).isLessThan(end);
      Thread.sleep(10);
    }
  }
}
