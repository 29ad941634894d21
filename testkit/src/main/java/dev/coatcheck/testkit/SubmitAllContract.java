package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a store promises of many submissions of which all or none are taken. */
public interface SubmitAllContract extends OnBench {

  private Result.SubmitAllResult all(Jobs... jobs) {
    List<NewJob> built = Stream.of(jobs).map(job -> job.build(bench().now())).toList();
    return (Result.SubmitAllResult) bench().commit(new Command.SubmitAll(built));
  }

  private List<Result.SubmitResult> taken(Jobs... jobs) {
    return ((Result.AllSubmitted) all(jobs)).results();
  }

  @Test
  default void all_are_stored_and_answered_in_their_order() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      jobs.add(job(i % 2 == 0 ? "w" : "v").build(bench().now()));
    }

    Result.AllSubmitted result = (Result.AllSubmitted) bench().commit(new Command.SubmitAll(jobs));

    assertThat(result.results())
        .extracting(one -> ((Result.Accepted) one).job().id())
        .isEqualTo(jobs.stream().map(NewJob::id).toList());
    assertThat(bench().counts("w").ready()).isEqualTo(750);
    assertThat(bench().counts("v").ready()).isEqualTo(750);
    JobId last = jobs.getLast().id();
    assertThat(bench().job(last).id()).isEqualTo(last);
  }

  @Test
  default void keys_stand_for_jobs_within_the_same_command_too() {
    Job open = bench().accepted(job("w").uniqueKey("u"));

    List<Result.SubmitResult> results =
        taken(
            job("w").uniqueKey("u"),
            job("w").idempotency(Jobs.key("k", "f")),
            job("w").idempotency(Jobs.key("k", "f")));

    assertThat(results.get(0)).isEqualTo(new Result.Existing(open.id()));
    Job second = ((Result.Accepted) results.get(1)).job();
    assertThat(results.get(2)).isEqualTo(new Result.Replayed(second.id()));
    assertThat(bench().counts("w").ready()).isEqualTo(2);
  }

  @Test
  default void one_refusal_leaves_nothing_of_all() {
    FileId none = new FileId(1, 2);

    assertThat(all(job("w"), job("w").file(none), job("w")))
        .isEqualTo(new Result.NoneSubmitted(1, new Result.NoSuchFile(none)));

    assertThat(bench().counts("w").ready()).isZero();
  }

  @Test
  default void a_key_of_another_submission_refuses_all_and_is_not_taken() {
    Job first = bench().accepted(job("w").idempotency(Jobs.key("k", "f")));

    assertThat(all(job("w").idempotency(key("n", "f")), job("w").idempotency(key("k", "g"))))
        .isEqualTo(new Result.NoneSubmitted(1, new Result.KeyReused(first.id())));
    assertThat(bench().submit(job("w").idempotency(Jobs.key("n", "other"))))
        .isInstanceOf(Result.Accepted.class);
  }

  private static Idempotency key(String key, String fingerprint) {
    return Jobs.key(key, fingerprint);
  }

  @Test
  default void a_key_used_for_two_of_them_refuses_all() {
    Result.NoneSubmitted none =
        (Result.NoneSubmitted)
            all(job("w").idempotency(key("k", "f")), job("w").idempotency(key("k", "g")));

    assertThat(none.place()).isEqualTo(1);
    assertThat(none.refusal()).isInstanceOf(Result.KeyReused.class);
    assertThat(bench().counts("w").ready()).isZero();
  }

  @Test
  default void the_queue_must_have_room_for_all() {
    bench().accepted(job("w").queueLimit(3));

    assertThat(all(job("w").queueLimit(3), job("w").queueLimit(3), job("w").queueLimit(3)))
        .isEqualTo(new Result.NoneSubmitted(2, new Result.QueueFull(3)));

    assertThat(bench().counts("w").ready()).isEqualTo(1);
    assertThat(taken(job("w").queueLimit(3), job("w").queueLimit(3))).hasSize(2);
  }
}
