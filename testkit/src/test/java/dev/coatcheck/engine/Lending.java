package dev.coatcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.lend.Loan;
import dev.coatcheck.lend.Order;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** An engine that lends jobs, and a runner elsewhere that takes them. */
final class Lending implements AutoCloseable {

  static final RunnerId RUNNER = new RunnerId(1, 1);

  final Bench bench;
  final Lender lender;

  Lending() {
    this(InMemoryStore.LEASE);
  }

  Lending(Duration lease) {
    bench = new Bench(InMemoryStore.open(InstantSource.system(), new Random(1)), lease);
    lender = bench.engine.lender();
  }

  void define(WorkerSpec spec) throws InterruptedException {
    bench.engine.define(spec, "api");
  }

  static Order order(int max, Duration patience, String... workers) {
    return new Order(RUNNER, "gpu-7", "1.4", List.of(workers), max, patience, () -> false);
  }

  List<Grant> lend(int max, String... workers) throws InterruptedException {
    return lender.lend(order(max, Duration.ZERO, workers)).grants();
  }

  /** A job that was submitted and lent. */
  Grant lent(String worker) throws InterruptedException {
    JobId id = bench.submit(Bench.job(worker));
    List<Grant> grants = lend(1, worker);
    assertThat(grants).extracting(grant -> grant.token().job()).containsExactly(id);
    return grants.getFirst();
  }

  /** A call for work that waits; returns when it does. */
  FutureTask<Loan> waiting(Order order) {
    int before = waiting();
    FutureTask<Loan> call = new FutureTask<>(() -> lender.lend(order));
    Thread.ofVirtual().start(call);
    while (waiting() == before && !call.isDone()) {
      Thread.onSpinWait();
    }
    return call;
  }

  private int waiting() {
    return lender.runners().live().stream().mapToInt(known -> known.waiting()).sum();
  }

  static List<Grant> grants(FutureTask<Loan> call) throws Exception {
    return call.get(Bench.LONG.toSeconds(), TimeUnit.SECONDS).grants();
  }

  static Outcome.Succeeded done(String output) {
    return new Outcome.Succeeded(Payload.utf8(output), Usage.NONE);
  }

  @Override
  public void close() {
    bench.close();
  }
}
