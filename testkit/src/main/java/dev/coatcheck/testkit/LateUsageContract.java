package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a store promises of usage that is told by itself, in time or late. */
public interface LateUsageContract extends OnBench {

  @Test
  default void usage_told_in_time_replaces_what_was_told_before() {
    Grant grant = bench().running(job("w"));

    assertThat(report(grant, new Usage(1L, 2L, null))).isEqualTo(new Result.UsageKept(false));
    assertThat(report(grant, new Usage(4L, null, 7L))).isEqualTo(new Result.UsageKept(false));

    assertThat(bench().job(grant).usage()).isEqualTo(new Usage(4L, 2L, 7L));
    assertThat(attempt(grant).usage()).isEqualTo(new Usage(4L, 2L, 7L));
    assertThat(attempt(grant).late()).isFalse();
  }

  @Test
  default void late_usage_is_kept_with_the_attempt_and_counted_nowhere_else() {
    List<Consumer<Grant>> ends =
        List.of(
            grant -> bench().complete(grant, "1"),
            grant -> bench().backoff(grant, Duration.ofHours(1)),
            grant -> bench().busy(grant, Duration.ofHours(1)),
            grant -> bench().cancel(grant.token().job()),
            grant -> bench().suspend(grant, Duration.ofHours(1)),
            grant -> bench().later(StoreBench.LEASE));
    for (Consumer<Grant> end : ends) {
      Grant grant = bench().runningRemotely(job("w"));
      report(grant, new Usage(1L, 2L, null));
      end.accept(grant);
      Job before = bench().job(grant);
      Attempt ended = attempt(grant);
      assertThat(ended.late()).isFalse();
      bench().advance(Command.LATE_USAGE);

      assertThat(report(grant, new Usage(9L, null, 5L))).isEqualTo(new Result.UsageKept(true));

      assertThat(bench().job(grant)).isEqualTo(before);
      assertThat(bench().job(grant).usage()).isEqualTo(new Usage(1L, 2L, null));
      Attempt late = attempt(grant);
      assertThat(late.usage()).isEqualTo(new Usage(9L, 2L, 5L));
      assertThat(late.late()).isTrue();
      assertThat(late.state()).isEqualTo(ended.state());
      assertThat(late.finishedAt()).isEqualTo(ended.finishedAt());
      bench().advance(Duration.ofMillis(1));
      assertThat(report(grant, new Usage(10L, null, null))).isEqualTo(new Result.LeaseLost());
      assertThat(attempt(grant)).isEqualTo(late);
      bench().cancel(grant.token().job());
    }
  }

  @Test
  default void late_usage_of_a_former_grant_leaves_the_present_one_alone() {
    Grant first = bench().running(job("w"));
    bench().release(first);
    Grant second = bench().claimOne("w");
    report(second, new Usage(1L, 1L, 1L));

    assertThat(report(first, StoreBench.USAGE)).isEqualTo(new Result.UsageKept(true));

    assertThat(attempt(first).usage()).isEqualTo(StoreBench.USAGE);
    assertThat(attempt(second).usage()).isEqualTo(new Usage(1L, 1L, 1L));
    assertThat(attempt(second).late()).isFalse();
    bench().complete(second, "1");
    assertThat(bench().job(first).usage()).isEqualTo(new Usage(1L, 1L, 1L));
  }

  @Test
  default void usage_under_a_wrong_token_is_refused() {
    Grant grant = bench().running(job("w"));
    LeaseToken right = grant.token();
    LeaseToken wrongSecret =
        new LeaseToken(right.job(), right.fence(), right.secretHigh(), ~right.secretLow());
    LeaseToken wrongFence =
        new LeaseToken(right.job(), right.fence() + 1, right.secretHigh(), right.secretLow());
    LeaseToken wrongJob =
        new LeaseToken(
            Jobs.idAt(bench().now()), right.fence(), right.secretHigh(), right.secretLow());

    for (boolean ended : List.of(false, true)) {
      for (LeaseToken wrong : List.of(wrongSecret, wrongFence, wrongJob)) {
        assertThat(bench().commit(new Command.ReportUsage(wrong, StoreBench.USAGE)))
            .as("ended: %s", ended)
            .isEqualTo(new Result.LeaseLost());
      }
      bench().complete(grant, "1");
    }
    assertThat(attempt(grant).usage()).isEqualTo(Usage.NONE);
  }

  private Result report(Grant grant, Usage usage) {
    return bench().commit(new Command.ReportUsage(grant.token(), usage));
  }

  private Attempt attempt(Grant grant) {
    return bench().attempts(grant.token().job()).stream()
        .filter(one -> one.fence() == grant.token().fence())
        .findFirst()
        .orElseThrow();
  }
}
