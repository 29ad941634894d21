package dev.coatcheck.server.pages.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void the_steps_of_a_job_that_failed_once_follow_each_other() {
    List<Timeline.Step> steps =
        Timeline.of(
            job(Phase.SUCCEEDED, null, at(10)),
            List.of(
                attempt(1, Attempt.State.FAILED, 1, 3, at(6)),
                attempt(2, Attempt.State.SUCCEEDED, 7, 10, null)),
            at(60));
    assertThat(steps)
        .extracting(Timeline.Step::label)
        .containsExactly("Queued", "Attempt 1", "Backoff", "Queued", "Attempt 2");
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i).from()).isEqualTo(steps.get(i - 1).to());
    }
    assertThat(steps.getLast().to()).isEqualTo(at(10));
  }

  @Test
  void what_goes_on_has_no_end_yet() {
    assertThat(Timeline.of(job(Phase.READY, null, null), List.of(), at(5)))
        .containsExactly(new Timeline.Step("Queued", "queued", START, null));
    assertThat(Timeline.of(job(Phase.WAITING, at(60), null), List.of(), at(5)))
        .containsExactly(new Timeline.Step("Scheduled", "waiting", START, null));
    assertThat(
            Timeline.of(
                job(Phase.WAITING, null, null),
                List.of(attempt(1, Attempt.State.FAILED, 0, 3, at(60))),
                at(5)))
        .last()
        .isEqualTo(new Timeline.Step("Backoff", "waiting", at(3), null));
  }

  @Test
  void a_wait_ends_when_its_job_is_canceled() {
    assertThat(Timeline.of(job(Phase.CANCELED, at(60), at(4)), List.of(), at(100)))
        .containsExactly(new Timeline.Step("Scheduled", "waiting", START, at(4)));
    assertThat(
            Timeline.of(
                job(Phase.CANCELED, null, at(8)),
                List.of(attempt(1, Attempt.State.FAILED, 0, 3, at(60))),
                at(100)))
        .last()
        .isEqualTo(new Timeline.Step("Backoff", "waiting", at(3), at(8)));
  }

  @Test
  void waiting_for_a_callback_is_a_step_of_its_own() {
    Attempt suspended = attempt(1, Attempt.State.SUSPENDED, 0, 3, null);
    String label = "Waiting for a callback";
    assertThat(Timeline.of(job(Phase.SUSPENDED, null, null), List.of(suspended), at(5)))
        .last()
        .isEqualTo(new Timeline.Step(label, "waiting", at(3), null));
    assertThat(Timeline.of(job(Phase.CANCELED, null, at(9)), List.of(suspended), at(50)))
        .last()
        .isEqualTo(new Timeline.Step(label, "waiting", at(3), at(9)));
    Attempt after = attempt(1, Attempt.State.SUCCEEDED, 7, 8, null);
    assertThat(Timeline.of(job(Phase.SUCCEEDED, null, at(8)), List.of(suspended, after), at(50)))
        .extracting(Timeline.Step::label)
        .containsExactly("Attempt 1", label, "Attempt 1");
  }

  @Test
  void bars_fill_the_width_and_none_vanishes() {
    List<Timeline.Step> steps =
        List.of(
            new Timeline.Step("Queued", "queued", START, START.plusMillis(1)),
            new Timeline.Step("Attempt 1", "succeeded", START.plusMillis(1), at(3600)));
    List<Timeline.Bar> bars = Timeline.bars(steps, at(3600));
    assertThat(width(bars.getFirst())).isGreaterThan(0.5);
    assertThat(width(bars.getFirst()) + width(bars.getLast())).isBetween(99.9, 100.1);
  }

  private static double width(Timeline.Bar bar) {
    return Double.parseDouble(bar.width().replace("%", ""));
  }

  private static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  private static Attempt attempt(
      int number, Attempt.State state, long from, long to, @Nullable Instant next) {
    JobError error =
        state == Attempt.State.FAILED
            ? JobError.of(ErrorCode.WORKER_ERROR, "no", true, number)
            : null;
    WaitReason reason = next == null ? null : WaitReason.BACKOFF;
    return new Attempt(
        number, number, state, "r", at(from), at(to), error, Usage.NONE, false, reason, next);
  }

  private static Job job(Phase phase, @Nullable Instant runAt, @Nullable Instant finished) {
    JobTimes times =
        new JobTimes(runAt, null, null, null, finished, Duration.ofMinutes(1), null, null, null);
    return new Job(
        JobId.of(START, 1, 1),
        TenantId.DEFAULT,
        "w",
        1,
        phase,
        null,
        1,
        0,
        5,
        0,
        "l",
        Payload.utf8("1"),
        null,
        null,
        null,
        Usage.NONE,
        times,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        false,
        null);
  }
}
