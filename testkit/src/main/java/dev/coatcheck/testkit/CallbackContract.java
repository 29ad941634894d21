package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.worker.Retention;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store promises of callback tokens and of what comes in under them. */
public interface CallbackContract extends OnBench {

  Duration WEEK = Duration.ofDays(7);
  Duration DAY_LONG = Duration.ofHours(24);

  @Test
  default void a_remote_grant_comes_with_a_token_and_a_local_one_asks_for_it() {
    Grant remote = bench().runningRemotely(job("w"));
    Grant local = bench().running(job("w"));

    CallbackToken token = Objects.requireNonNull(remote.callback());
    assertThat(token.job()).isEqualTo(remote.token().job());
    assertThat(token.fence()).isEqualTo(remote.token().fence());
    assertThat(token.secret().size()).isEqualTo(CallbackToken.SECRET_BYTES);
    assertThat(local.callback()).isNull();
    assertThat(bench().started(job("direct")).grant().callback()).isNull();
    CallbackToken asked = token(local, 1);
    assertThat(bench().receive(asked, "x")).isEqualTo(new Result.NoSuchCallback());
    assertThat(bench().open(local, asked)).isEqualTo(new Result.CallbackOpened());
    assertThat(bench().receive(asked, "x")).isEqualTo(received(Effect.STORED));
  }

  @Test
  default void only_the_holder_of_a_lease_makes_a_token_known() {
    Grant first = bench().running(job("w"));
    bench().release(first);

    assertThat(bench().open(first, token(first, 1))).isEqualTo(new Result.LeaseLost());
    Grant second = bench().claimOne("w");
    assertThat(bench().open(first, token(first, 1))).isEqualTo(new Result.LeaseLost());
    bench().complete(second, "1");
    assertThat(bench().open(second, token(second, 1))).isEqualTo(new Result.LeaseLost());
    assertThat(bench().receive(token(first, 1), "x")).isEqualTo(new Result.NoSuchCallback());
  }

  @Test
  default void every_miss_is_answered_alike_and_changes_nothing() {
    Grant grant = bench().runningRemotely(job("w"));
    CallbackToken right = Objects.requireNonNull(grant.callback());
    bench().suspend(grant, WEEK);
    Job before = bench().job(grant);

    for (CallbackToken wrong :
        List.of(
            token(grant, 9),
            new CallbackToken(right.job(), right.fence() + 1, right.secret()),
            new CallbackToken(right.job(), right.fence() - 1, right.secret()),
            new CallbackToken(Jobs.idAt(bench().now()), right.fence(), right.secret()))) {
      assertThat(bench().receive(wrong, "x")).isEqualTo(new Result.NoSuchCallback());
      assertThat(bench().commit(new Command.ReceiveProgress(wrong, progress(0.5))))
          .isEqualTo(new Result.NoSuchCallback());
    }
    assertThat(bench().job(grant)).isEqualTo(before);
    assertThat(bench().receive(right, "x")).isEqualTo(received(Effect.RESUMED));
  }

  @Test
  default void a_lease_has_one_token_and_one_callback() {
    Grant grant = bench().running(job("w"));
    bench().open(grant, token(grant, 1));
    bench().open(grant, token(grant, 2));

    assertThat(bench().receive(token(grant, 1), "x")).isEqualTo(new Result.NoSuchCallback());
    assertThat(bench().receive(token(grant, 2), "x")).isEqualTo(received(Effect.STORED));
    assertThat(bench().open(grant, token(grant, 2))).isEqualTo(new Result.CallbackOpened());
    assertThat(bench().receive(token(grant, 2), "x")).isEqualTo(received(Effect.DUPLICATE));
    bench().open(grant, token(grant, 3));
    assertThat(bench().receive(token(grant, 3), "y")).isEqualTo(received(Effect.IGNORED));
    assertThat(bench().suspend(grant, WEEK)).isEqualTo(new Result.ResumedAtOnce());
  }

  @Test
  default void the_token_of_a_remote_grant_may_be_replaced_too() {
    Grant grant = bench().runningRemotely(job("w"));

    bench().open(grant, token(grant, 1));

    assertThat(bench().receive(Objects.requireNonNull(grant.callback()), "x"))
        .isEqualTo(new Result.NoSuchCallback());
    assertThat(bench().receive(token(grant, 1), "x")).isEqualTo(received(Effect.STORED));
  }

  @Test
  default void a_callback_is_kept_in_every_open_phase_and_changes_nothing_else() {
    Grant first = bench().runningRemotely(job("w"));
    Job running = bench().job(first);
    assertThat(bench().receive(bench().callback(first), "1")).isEqualTo(received(Effect.STORED));
    assertThat(bench().job(first)).isEqualTo(running);
    Grant second = bench().runningRemotely(job("w"));
    bench().release(second);
    Job ready = bench().job(second);
    assertThat(bench().receive(bench().callback(second), "2")).isEqualTo(received(Effect.STORED));
    assertThat(bench().job(second)).isEqualTo(ready);
    bench().claimOne("w");
    Grant third = bench().runningRemotely(job("w"));
    bench().backoff(third, Duration.ofSeconds(5));
    Job waiting = bench().job(third);
    assertThat(bench().receive(bench().callback(third), "3")).isEqualTo(received(Effect.STORED));
    assertThat(bench().job(third)).isEqualTo(waiting);
  }

  @Test
  default void a_repeat_is_told_by_its_id_or_else_by_its_body() {
    assertThat(again(notice("i", "x"), notice("i", "x"))).isEqualTo(received(Effect.DUPLICATE));
    assertThat(again(notice("i", "x"), notice("i", "y"))).isEqualTo(new Result.NoticeIdReused());
    assertThat(again(notice("i", "x"), notice("j", "x"))).isEqualTo(received(Effect.IGNORED));
    assertThat(again(notice(null, "x"), notice(null, "x"))).isEqualTo(received(Effect.DUPLICATE));
    assertThat(again(notice(null, "x"), notice(null, "y"))).isEqualTo(received(Effect.IGNORED));
    assertThat(again(notice("i", "x"), notice(null, "x"))).isEqualTo(received(Effect.DUPLICATE));
    assertThat(again(notice(null, "x"), notice("i", "x"))).isEqualTo(received(Effect.DUPLICATE));
    assertThat(again(notice(null, "x"), notice("i", "y"))).isEqualTo(received(Effect.IGNORED));
  }

  private Result again(Notice first, Notice second) {
    Grant grant = bench().runningRemotely(job("w").deadline(WEEK.plus(WEEK)));
    CallbackToken token = bench().callback(grant);
    bench().suspend(grant, WEEK);
    assertThat(bench().receive(token, first)).isEqualTo(received(Effect.RESUMED));
    Job before = bench().job(grant);
    Result kept = bench().receive(token, second);
    assertThat(bench().job(grant)).isEqualTo(before);
    bench().complete(bench().claimOne("w"), "1");
    assertThat(bench().receive(token, second)).isEqualTo(kept);
    return kept;
  }

  @Test
  default void a_body_is_the_same_for_a_day_and_an_id_for_ever() {
    Grant byBody = bench().runningRemotely(job("w"));
    Grant byId = bench().runningRemotely(job("w"));
    bench().receive(bench().callback(byBody), "x");
    bench().receive(bench().callback(byId), notice("i", "x"));
    bench().suspend(byBody, WEEK);
    bench().suspend(byId, WEEK);

    bench().advance(DAY_LONG);
    assertThat(bench().receive(bench().callback(byBody), "x"))
        .isEqualTo(received(Effect.DUPLICATE));
    bench().advance(Duration.ofMillis(1));
    assertThat(bench().receive(bench().callback(byBody), "x")).isEqualTo(received(Effect.IGNORED));
    assertThat(bench().receive(bench().callback(byId), notice("i", "x")))
        .isEqualTo(received(Effect.DUPLICATE));
  }

  @Test
  default void of_two_callbacks_in_one_commit_the_first_resumes() {
    Grant grant = bench().runningRemotely(job("w"));
    CallbackToken token = bench().callback(grant);
    bench().suspend(grant, WEEK);

    assertThat(
            bench()
                .store()
                .commit(
                    List.of(
                        new Command.Receive(token, notice("a", "x")),
                        new Command.Receive(token, notice("b", "x")))))
        .containsExactly(received(Effect.RESUMED), received(Effect.IGNORED));
    assertThat(bench().job(grant).fence()).isEqualTo(4);
  }

  @Test
  default void the_tokens_of_a_finished_job_are_known_for_a_day() {
    Grant grant = bench().runningRemotely(job("w"));
    CallbackToken token = bench().callback(grant);
    bench().complete(grant, "1");
    Job done = bench().job(grant);

    bench().advance(Store.CALLBACK_KEPT.minusMillis(1));
    assertThat(bench().receive(token, "x")).isEqualTo(received(Effect.IGNORED));
    assertThat(bench().receive(token, "x")).isEqualTo(received(Effect.IGNORED));
    assertThat(bench().commit(new Command.ReceiveProgress(token, progress(0.5))))
        .isEqualTo(received(Effect.IGNORED));
    bench().advance(Duration.ofMillis(1));
    assertThat(bench().receive(token, "x")).isEqualTo(new Result.NoSuchCallback());
    assertThat(bench().commit(new Command.ReceiveProgress(token, progress(0.5))))
        .isEqualTo(new Result.NoSuchCallback());
    assertThat(bench().job(grant)).isEqualTo(done);
  }

  @Test
  default void the_tokens_of_a_pruned_job_are_unknown() {
    Duration hour = Duration.ofHours(1);
    bench()
        .commit(
            new Command.Define(
                WorkerSpec.named("w").retention(new Retention(hour, hour, hour)).build(), "api"));
    Grant grant = bench().runningRemotely(job("w"));
    bench().receive(bench().callback(grant), "x");
    bench().complete(grant, "1");
    bench().advance(hour);
    bench().store().prune(9);

    assertThat(bench().receive(bench().callback(grant), "x"))
        .isEqualTo(new Result.NoSuchCallback());
  }

  @Test
  default void tokens_and_kept_callbacks_live_through_a_restart() {
    Grant kept = bench().runningRemotely(job("w"));
    bench().receive(bench().callback(kept), notice("i", "x"));
    Grant open = bench().running(job("w"));
    CallbackToken token = bench().callback(open);

    bench().restart();

    assertThat(bench().receive(bench().callback(kept), notice("i", "y")))
        .isEqualTo(new Result.NoticeIdReused());
    assertThat(bench().suspend(kept, WEEK)).isEqualTo(new Result.ResumedAtOnce());
    assertThat(bench().receive(token, "x")).isEqualTo(received(Effect.STORED));
  }

  @Test
  default void progress_by_callback_stands_under_the_fence_of_the_moment() {
    Grant grant = bench().runningRemotely(job("w"));
    CallbackToken token = bench().callback(grant);
    bench()
        .commit(new Command.Append(grant.token(), List.of(new Note.Logged("info", "sent")), null));
    assertThat(tell(token, 0.1)).isEqualTo(received(Effect.PROGRESS));
    bench().suspend(grant, WEEK);
    assertThat(tell(token, 0.2)).isEqualTo(received(Effect.PROGRESS));
    assertThat(tell(token, 0.3)).isEqualTo(received(Effect.PROGRESS));
    assertThat(bench().job(grant).progress()).isEqualTo(progress(0.3));
    assertThat(bench().job(grant).phase()).isEqualTo(Phase.SUSPENDED);
    assertThat(bench().receive(token, "done")).isEqualTo(received(Effect.RESUMED));
    assertThat(tell(token, 0.4)).isEqualTo(received(Effect.PROGRESS));
    assertThat(bench().job(grant).progress()).isEqualTo(progress(0.4));
    Grant next = bench().claimOne("w");
    assertThat(bench().job(grant).progress()).isNull();
    assertThat(tell(token, 0.5)).isEqualTo(received(Effect.PROGRESS));
    bench().complete(next, "1");

    assertThat(bench().events(grant.token().job()))
        .extracting(JobEvent::id)
        .containsExactly(
            1_000_000L,
            2_000_000L,
            2_000_001L,
            2_000_002L,
            3_000_000L,
            3_000_001L,
            3_000_002L,
            4_000_000L,
            4_000_001L,
            5_000_000L,
            5_000_001L,
            6_000_000L);
    assertThat(bench().events(grant.token().job()).get(8))
        .isEqualTo(new JobEvent.Progressed(4_000_001, bench().now(), progress(0.4)));
  }

  @Test
  default void progress_by_callback_is_told_to_whoever_listens() {
    Grant grant = bench().runningRemotely(job("w"));
    CallbackToken token = bench().callback(grant);
    bench().suspend(grant, WEEK);
    Heard heard = Heard.on(bench().store());

    tell(token, 0.5);

    assertThat(heard.phases()).containsExactly(Phase.SUSPENDED);
  }

  @Test
  default void progress_that_tells_nothing_leaves_everything_as_it_was() {
    Grant grant = bench().runningRemotely(job("w"));
    tell(bench().callback(grant), 0.5);
    Job before = bench().job(grant);

    Command nothing =
        new Command.ReceiveProgress(bench().callback(grant), new Progress(null, null, null));
    assertThat(bench().commit(nothing)).isEqualTo(received(Effect.IGNORED));

    assertThat(bench().job(grant)).isEqualTo(before);
    assertThat(bench().events(before.id())).hasSize(3);
  }

  @Test
  default void notes_of_a_waiting_job_go_on_counting_when_it_is_ready() {
    Grant grant = bench().runningRemotely(job("w"));
    bench().backoff(grant, Duration.ofSeconds(5));
    tell(bench().callback(grant), 0.1);
    bench().later(Duration.ofSeconds(5));
    tell(bench().callback(grant), 0.2);

    assertThat(bench().job(grant).phase()).isEqualTo(Phase.READY);
    assertThat(bench().events(grant.token().job()))
        .extracting(JobEvent::id)
        .endsWith(3_000_000L, 3_000_001L, 3_000_002L);
  }

  private Result tell(CallbackToken token, double fraction) {
    return bench().commit(new Command.ReceiveProgress(token, progress(fraction)));
  }

  private static Progress progress(double fraction) {
    return new Progress(fraction, "painting", null);
  }

  private static Notice notice(@Nullable String id, String body) {
    return StoreBench.notice(id, body);
  }

  private static Result received(Effect effect) {
    return new Result.Received(effect);
  }

  private static CallbackToken token(Grant grant, int secret) {
    byte[] bytes = new byte[CallbackToken.SECRET_BYTES];
    bytes[0] = (byte) secret;
    return new CallbackToken(grant.token().job(), grant.token().fence(), Payload.of(bytes));
  }
}
