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
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Reader.Lookup;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each move of {@link Lifecycle#TRANSITIONS} is made by the store. A new row needs a scenario. */
public interface LifecycleContract extends StoreContract {

  @TestFactory
  default Stream<DynamicTest> every_legal_move_is_made() {
    return Lifecycle.TRANSITIONS.stream()
        .map(row ->
            dynamicTest(row.from() + " -" + row.move().verb() + "-> " + row.to(), () -> take(row)));
  }

  private void take(Transition row) {
    String worker =
        ("w-" + row.from() + "-" + row.move().verb() + "-" + row.to()).toLowerCase(Locale.ROOT);
    Jobs job = job(worker.replace("_", "-")).maxAttempts(row.to() == Phase.FAILED ? 1 : 5);
    Phase from = row.from();
    if (from == null) {
      assertThat(bench().phase(born(job, row.to()))).isEqualTo(row.to());
      return;
    }
    Grant grant = null;
    JobId id;
    if (from == Phase.RUNNING) {
      grant = row.move() == Move.RESCUE ? bench().runningRemotely(job) : bench().running(job);
      id = grant.token().job();
    } else {
      id = queued(job, from);
    }
    assertThat(bench().phase(id)).isEqualTo(from);
    long fence = bench().job(id).fence();

    move(row, id, grant);

    assertThat(bench().look(id)).isInstanceOf(Lookup.Found.class);
    assertThat(bench().phase(id)).isEqualTo(row.to());
    assertThat(bench().job(id).fence()).isEqualTo(row.move() == Move.STAGE ? fence : fence + 1);
  }

  private JobId born(Jobs job, Phase phase) {
    return switch (phase) {
      case READY, WAITING -> queued(job, phase);
      case RUNNING -> bench().started(job).job().id();
      case SUCCEEDED, FAILED, TIMED_OUT, CANCELED ->
          throw new AssertionError("no scenario for a job that is born " + phase);
    };
  }

  private JobId queued(Jobs job, Phase phase) {
    job.queueTimeout(Duration.ofSeconds(20));
    return bench().accepted(phase == Phase.WAITING ? job.delay(Duration.ofSeconds(10)) : job).id();
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
      case FAIL -> {
        if (row.to() == Phase.WAITING) {
          bench().backoff(held(grant), Duration.ofSeconds(1));
        } else {
          bench().fail(held(grant), ErrorCode.WORKER_ERROR, true);
        }
      }
      case EXPIRE -> expire(row, grant);
      case SUBMIT -> throw new AssertionError("no scenario for " + row);
    }
  }

  private void expire(Transition row, @Nullable Grant grant) {
    if (grant == null) {
      bench().advance(Duration.ofSeconds(30));
      bench().store().stage(1_000);
    } else if (row.to() == Phase.WAITING) {
      bench()
          .park(
              grant.token(),
              new Parking.Backoff(
                  StoreBench.error(grant, ErrorCode.RUN_TIMEOUT, true),
                  Usage.NONE,
                  Duration.ofSeconds(1)));
    } else {
      bench().fail(grant, ErrorCode.RUN_TIMEOUT, true);
    }
  }

  private static Grant held(@Nullable Grant grant) {
    if (grant == null) {
      throw new AssertionError("the move needs a running job");
    }
    return grant;
  }
}
