package dev.coatcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.worker.WorkerSpecBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** An engine to try things on, and the questions that tests ask of it. */
final class Bench implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(20);
  static final RetryPolicy AT_ONCE = new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, true);

  final InMemoryStore store;
  final Engine engine;

  Bench() {
    this(InMemoryStore.open(InstantSource.system(), new Random(1)));
  }

  Bench(InMemoryStore store) {
    this(store, InMemoryStore.LEASE);
  }

  Bench(InMemoryStore store, Duration lease) {
    this.store = store;
    this.engine =
        Engine.start(
            store, EngineConfig.on(new JvmMachine()).withOutputMax(1_000).withLease(lease));
  }

  static WorkerSpecBuilder worker(String name) {
    return WorkerSpec.named(name).retry(AT_ONCE);
  }

  Bench serve(String name, Handler handler) throws InterruptedException {
    engine.serve(worker(name).build(), handler);
    return this;
  }

  static Submission job(String worker) {
    return Submission.of(TenantId.DEFAULT, worker, Payload.utf8("{}"));
  }

  JobId submit(Submission submission) throws InterruptedException {
    return created(submission).id();
  }

  Job created(Submission submission) throws InterruptedException {
    Submitted submitted = engine.submit(submission);
    assertThat(submitted).isInstanceOf(Submitted.Created.class);
    return ((Submitted.Created) submitted).job();
  }

  Job done(JobId id) throws InterruptedException {
    Lookup lookup = engine.await(TenantId.DEFAULT, id, LONG);
    assertThat(lookup).isInstanceOf(Lookup.Found.class);
    Job job = ((Lookup.Found) lookup).job();
    assertThat(job.done()).as("done within %s: %s", LONG, job).isTrue();
    return job;
  }

  /** Waits until the job is as the test wants it. */
  Job until(JobId id, Predicate<Job> condition) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    try (Hub.Watch watch = engine.watch(id)) {
      Job job = read(id);
      while (!condition.test(job)) {
        long left = end - System.nanoTime();
        assertThat(left).as("within %s: %s", LONG, job).isPositive();
        watch.await(Duration.ofNanos(left));
        job = read(id);
      }
      return job;
    }
  }

  Job until(JobId id, Phase phase) throws InterruptedException {
    return until(id, job -> job.phase() == phase);
  }

  Job read(JobId id) {
    return ((Lookup.Found) engine.reader().job(TenantId.DEFAULT, id)).job();
  }

  List<Attempt> attempts(JobId id) {
    return engine.reader().attempts(TenantId.DEFAULT, id);
  }

  List<JobEvent> events(JobId id) {
    return engine.reader().events(TenantId.DEFAULT, id, 0, 10_000).events();
  }

  @Override
  public void close() {
    engine.close();
  }
}
