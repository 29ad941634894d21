package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.JobQuery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of successes that are kept to answer later jobs. */
public interface AnswerContract extends OnBench {

  Duration HOUR = Duration.ofHours(1);

  private static Jobs kept() {
    return job("w").reuse(Jobs.kept("work", HOUR));
  }

  private JobId done(Jobs job, String output) {
    Grant grant = bench().running(job);
    bench().complete(grant, output);
    return grant.token().job();
  }

  @Test
  default void a_success_answers_the_next_job_of_the_same_work_at_once() {
    done(kept(), "\"first\"");
    bench().advance(Duration.ofMinutes(5));

    Job answered = bench().accepted(kept());

    assertThat(answered.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(answered.cached()).isTrue();
    assertThat(answered.output()).isEqualTo(Payload.utf8("\"first\""));
    assertThat(answered.attempt()).isZero();
    assertThat(answered.usage()).isEqualTo(Usage.NONE);
    assertThat(answered.times().startedAt()).isNull();
    assertThat(answered.times().finishedAt()).isEqualTo(bench().now());
    assertThat(answered.times().expiresAt()).isEqualTo(bench().now().plus(Duration.ofDays(7)));
    assertThat(bench().job(answered.id())).isEqualTo(answered);
    assertThat(bench().attempts(answered.id())).isEmpty();
    assertThat(bench().counts("w").open()).isZero();
    assertThat(bench().store().reader().recent(9)).hasSize(1);
    assertThat(bench().store().reader().jobs(JobQuery.of(StoreBench.TENANT, 9)))
        .extracting(Job::cached)
        .containsExactly(true, false);
  }

  @Test
  default void the_history_of_an_answered_job_is_that_it_came_and_was_done() {
    done(kept(), "7");

    List<JobEvent> events = bench().events(bench().accepted(kept()).id());

    assertThat(events).hasSize(2);
    assertThat(((JobEvent.Status) events.getFirst()).status()).isEqualTo(JobStatus.QUEUED);
    assertThat(((JobEvent.Done) events.getLast()).output()).isEqualTo(Payload.utf8("7"));
  }

  @Test
  default void a_large_output_answers_too_and_outlives_its_first_job() {
    String large = '"' + "x".repeat(50_000) + '"';
    done(kept(), large);
    JobId answered = bench().accepted(kept().input('"' + "y".repeat(5_000) + '"')).id();

    bench().advance(Duration.ofDays(6));
    Job again = bench().job(answered);

    assertThat(again.output()).isEqualTo(Payload.utf8(large));
    assertThat(again.input().size()).isEqualTo(5_002);
  }

  @Test
  default void other_work_another_tenant_and_a_later_time_are_not_answered() {
    done(kept(), "1");

    assertThat(bench().accepted(job("w").reuse(Jobs.kept("other", HOUR))).phase())
        .isEqualTo(Phase.READY);
    assertThat(bench().accepted(kept().tenant("ann")).phase()).isEqualTo(Phase.READY);
    bench().advance(HOUR);
    assertThat(bench().accepted(kept()).phase()).isEqualTo(Phase.READY);
  }

  @Test
  default void a_failure_is_not_kept_and_a_job_may_want_to_be_done_anew() {
    Grant failed = bench().running(kept());
    bench().fail(failed, ErrorCode.WORKER_ERROR, false);
    assertThat(bench().accepted(kept()).phase()).isEqualTo(Phase.READY);
    bench().complete(bench().claimOne("w"), "1");

    Reuse anew = new Reuse(Payload.utf8("work"), false, HOUR, false);
    done(job("w").reuse(anew), "2");

    assertThat(bench().accepted(kept()).output()).isEqualTo(Payload.utf8("2"));
    assertThat(bench().accepted(job("w")).phase()).isEqualTo(Phase.READY);
  }

  @Test
  default void an_answer_goes_with_the_job_that_gave_it() {
    done(job("w").reuse(Jobs.kept("work", Duration.ofDays(300))), "1");

    bench().advance(Duration.ofDays(8));
    bench().store().prune(100);

    assertThat(bench().accepted(kept()).phase()).isEqualTo(Phase.READY);
  }

  @Test
  default void answers_survive_a_restart_and_are_forgotten_in_time() {
    done(kept(), "1");
    bench().restart();
    assertThat(bench().accepted(kept()).cached()).isTrue();

    bench().advance(HOUR);
    bench().store().prune(100);

    assertThat(bench().accepted(kept()).cached()).isFalse();
  }

  @Test
  default void keys_of_an_answered_job_work_as_ever() {
    done(kept(), "1");

    Job answered = bench().accepted(kept().uniqueKey("u").idempotency(Jobs.key("k", "f")));

    assertThat(bench().submit(kept().idempotency(Jobs.key("k", "f"))))
        .isEqualTo(new dev.coatcheck.store.Result.Replayed(answered.id()));
    assertThat(bench().accepted(job("w").uniqueKey("u")).phase()).isEqualTo(Phase.READY);
  }
}
