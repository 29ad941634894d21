package dev.coatcheck.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkContext.StopReason;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.worker.WorkerSpec;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose connections to the database are dead without anybody having closed them. */
@Timeout(90)
final class CutOffTest {

  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @BeforeEach
  void clear() {
    TestDatabase.clear();
  }

  private static Engine engine(String url) {
    PostgresOptions options = PostgresOptions.of(url, new SecureRandom()).withLease(LEASE);
    return Engine.start(
        PostgresStore.open(options), EngineConfig.on(new JvmMachine()).withLease(LEASE));
  }

  private static WorkerSpec worker(String name) {
    return WorkerSpec.named(name).build();
  }

  /** Works for long, the first time, and tells when and why it was stopped. */
  private static final class Patient implements Handler {

    private final CompletableFuture<Long> began = new CompletableFuture<>();
    private final CompletableFuture<Long> stopped = new CompletableFuture<>();
    private final CompletableFuture<Optional<StopReason>> why = new CompletableFuture<>();

    @Override
    public Reply handle(WorkContext work, Payload input) throws InterruptedException {
      if (began.complete(System.nanoTime())) {
        try {
          work.sleep(PATIENCE.multipliedBy(2));
        } finally {
          stopped.complete(System.nanoTime());
          why.complete(work.stopping());
        }
      }
      return done();
    }
  }

  private static Reply done() {
    return new Reply.Completed(Payload.utf8("1"), Usage.NONE);
  }

  private static JobId submit(Engine engine, String worker) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        Submission job = Submission.of(TenantId.DEFAULT, worker, Payload.utf8("{}"));
        return ((Submitted.Created) engine.submit(job)).job().id();
      } catch (StoreUnavailableException e) {
        assertThat(System.nanoTime()).as("not within %s", PATIENCE).isLessThan(until);
      }
    }
  }

  private static Job done(Engine engine, JobId id) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        Job job = ((Lookup.Found) engine.await(TenantId.DEFAULT, id, PATIENCE)).job();
        assertThat(job.status()).as("%s", job).isEqualTo(JobStatus.SUCCEEDED);
        return job;
      } catch (StoreUnavailableException e) {
        assertThat(System.nanoTime()).as("not within %s", PATIENCE).isLessThan(until);
      }
    }
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void a_node_that_is_cut_off_stops_its_work_before_another_begins_it_and_goes_on_afterwards()
      throws Exception {
    try (Cable cable = Cable.to(TestDatabase.url());
        Engine away = engine(cable.url());
        Engine other = engine(TestDatabase.url())) {
      Patient patient = new Patient();
      away.serve(worker("shared"), patient);
      away.serve(worker("own"), (work, input) -> done());
      JobId job = submit(away, "shared");
      soon(patient.began);
      CompletableFuture<Long> taken = new CompletableFuture<>();
      other.serve(
          worker("shared"),
          (work, input) -> {
            taken.complete(System.nanoTime());
            return done();
          });

      cable.cut();

      long begunAgain = soon(taken);
      assertThat(patient.stopped).isCompleted();
      assertThat(patient.stopped.get()).isLessThan(begunAgain);
      assertThat(patient.why.get()).contains(StopReason.LOST);
      assertThat(done(other, job).attempt()).isEqualTo(2);

      cable.mend();
      done(away, submit(away, "own"));
    }
  }

  @Test
  void what_nobody_took_meanwhile_is_handed_back_and_runs_again_uncounted() throws Exception {
    try (Cable cable = Cable.to(TestDatabase.url());
        Engine away = engine(cable.url())) {
      Patient patient = new Patient();
      away.serve(worker("alone"), patient);
      JobId job = submit(away, "alone");
      soon(patient.began);

      cable.cut();
      assertThat(soon(patient.why)).contains(StopReason.LOST);
      cable.mend();

      assertThat(done(away, job).attempt()).isEqualTo(1);
    }
  }
}
