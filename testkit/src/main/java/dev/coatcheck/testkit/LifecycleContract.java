package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lifecycle;
import dev.coatcheck.job.Lifecycle.Move;
import dev.coatcheck.job.Lifecycle.Transition;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Reader.Lookup;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each move of {@link Lifecycle#TRANSITIONS} is made by the store. A new row needs a scenario. */
public interface LifecycleContract extends OnBench {

  @TestFactory
  default Stream<DynamicTest> every_legal_move_is_made() {
    return Lifecycle.TRANSITIONS.stream()
        .map(row ->
            dynamicTest(row.from() + " -" + row.move().verb() + "-> " + row.to(), () -> take(row)));
  }

  private void take(Transition row) {
    String worker =
        ("w-" + row.from() + "-" + row.move().verb() + "-" + row.to()).toLowerCase(Locale.ROOT);
    boolean last = row.to() == Phase.FAILED || row.to() == Phase.TIMED_OUT;
    Jobs job = job(worker.replace("_", "-")).maxAttempts(last ? 1 : 5);
    Phase from = row.from();
    if (from == null) {
      assertThat(bench().phase(born(job, row.to()))).isEqualTo(row.to());
      return;
    }
    Grant grant = null;
    JobId id;
    if (from == Phase.RUNNING || from == Phase.SUSPENDED) {
      grant = granted(row, job);
      id = grant.token().job();
    } else if (from == Phase.FOLLOWING) {
      job.queueTimeout(Duration.ofSeconds(20)).runTimeout(Duration.ofSeconds(20));
      id = bench().accepted(job.reuse(Jobs.shared(job.worker()))).id();
    } else {
      id = queued(job, from);
    }
    assertThat(bench().phase(id)).isEqualTo(from);
    long fence = bench().job(id).fence();

    move(row, id, grant);

    assertThat(bench().look(id)).isInstanceOf(Lookup.Found.class);
    assertThat(bench().phase(id)).isEqualTo(row.to());
    long after = bench().job(id).fence();
    switch (row.move()) {
      case STAGE -> assertThat(after).isEqualTo(fence);
      case LAND -> assertThat(after).isGreaterThan(fence);
      default -> assertThat(after).isEqualTo(fence + 1);
    }
  }

  private JobId born(Jobs job, Phase phase) {
    return switch (phase) {
      case READY, WAITING -> queued(job, phase);
      case RUNNING -> bench().started(job).job().id();
      case FOLLOWING -> bench().accepted(job.reuse(Jobs.shared(job.worker()))).id();
      case SUCCEEDED -> {
        Reuse kept = Jobs.kept(job.worker(), Duration.ofHours(1));
        bench().complete(bench().running(job.reuse(kept)), "1");
        yield bench().accepted(job).id();
      }
      case SUSPENDED, FAILED, TIMED_OUT, CANCELED ->
          throw new AssertionError("no scenario for a job that is born " + phase);
    };
  }

  private JobId queued(Jobs job, Phase phase) {
    job.queueTimeout(Duration.ofSeconds(20));
    return bench().accepted(phase == Phase.WAITING ? job.delay(Duration.ofSeconds(10)) : job).id();
  }

  /** A grant to a remote runner, whose clocks the store watches; suspended if the move needs it. */
  private Grant granted(Transition row, Jobs job) {
    boolean runsTooLong = row.from() == Phase.RUNNING && row.move() == Move.EXPIRE;
    Grant grant =
        bench().runningRemotely(runsTooLong ? job.runTimeout(Duration.ofSeconds(20)) : job);
    if (row.from() == Phase.SUSPENDED) {
      bench().suspend(grant, Duration.ofSeconds(20));
    }
    return grant;
  }

  private void move(Transition row, JobId id, @Nullable Grant grant) {
    switch (row.move()) {
      case STAGE -> bench().later(Duration.ofSeconds(10));
      case CLAIM -> bench().claimOne(bench().job(id).worker());
      case CANCEL -> bench().cancel(id);
      case RESCUE -> bench().later(StoreBench.LEASE);
      case COMPLETE -> bench().complete(held(grant), "1");
      case BUSY -> bench().busy(held(grant), Duration.ofSeconds(1));
      case RELEASE -> bench().release(held(grant));
      case FAIL -> fail(row, held(grant));
      case SUSPEND -> suspend(row, held(grant));
      case RESUME -> bench().receive(bench().callback(held(grant)), "done");
      case EXPIRE -> {
        bench().advance(Duration.ofSeconds(grant == null ? 30 : 20));
        bench().store().stage(1_000);
        bench().store().rescue(1_000);
      }
      case LAND -> land(row.to(), bench().job(id).worker());
      case SUBMIT -> throw new AssertionError("no scenario for " + row);
    }
  }

  /** Ends the run that a job shares. */
  private void land(Phase to, String worker) {
    Grant run = bench().claimRemote(worker, 1).getFirst();
    switch (to) {
      case SUCCEEDED -> bench().complete(run, "1");
      case FAILED -> bench().fail(run, ErrorCode.WORKER_ERROR, false);
      default -> {
        bench().advance(Duration.ofSeconds(20));
        bench().store().rescue(1_000);
      }
    }
    bench().store().stage(1_000);
  }

  private void fail(Transition row, Grant grant) {
    if (row.to() == Phase.WAITING) {
      bench().backoff(grant, Duration.ofSeconds(1));
    } else {
      bench().fail(grant, ErrorCode.WORKER_ERROR, true);
    }
  }

  private void suspend(Transition row, Grant grant) {
    if (row.to() == Phase.READY) {
      bench().receive(bench().callback(grant), "early");
    }
    bench().suspend(grant, Duration.ofSeconds(20));
  }

  private static Grant held(@Nullable Grant grant) {
    if (grant == null) {
      throw new AssertionError("the move needs a job that was granted");
    }
    return grant;
  }
}
