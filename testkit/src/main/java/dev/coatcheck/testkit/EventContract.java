package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.EventPage;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store promises of a job's history. */
public interface EventContract extends OnBench {

  @Test
  default void the_history_tells_every_move_in_order() {
    Grant first = bench().running(job("w").delay(Duration.ZERO));
    Instant start = bench().now();
    bench().backoff(first, Duration.ofSeconds(5));
    bench().later(Duration.ofSeconds(5));
    Instant again = bench().now();
    Grant second = bench().claimOne("w");
    bench().complete(second, "out");

    JobId id = first.token().job();
    assertThat(bench().events(id))
        .containsExactly(
            new JobEvent.Status(1_000_000, start, JobStatus.QUEUED, null, 0),
            new JobEvent.Status(2_000_000, start, JobStatus.RUNNING, null, 1),
            new JobEvent.AttemptFailed(
                2_999_999, start, StoreBench.error(first, ErrorCode.WORKER_ERROR, true), again),
            new JobEvent.Status(3_000_000, start, JobStatus.QUEUED, WaitReason.BACKOFF, 1),
            new JobEvent.Status(4_000_000, again, JobStatus.RUNNING, null, 2),
            new JobEvent.Done(5_000_000, again, JobStatus.SUCCEEDED, Payload.utf8("out"), null));
  }

  @Test
  default void a_scheduled_job_was_scheduled_for_ever() {
    JobId id = bench().accepted(job("w").delay(Duration.ofSeconds(5))).id();
    List<JobEvent> before = bench().events(id);
    bench().later(Duration.ofSeconds(5));
    bench().claimOne("w");

    assertThat(before)
        .containsExactly(
            new JobEvent.Status(
                1_000_000,
                bench().now().minusSeconds(5),
                JobStatus.QUEUED,
                WaitReason.SCHEDULED,
                0));
    assertThat(bench().events(id)).startsWith(before.getFirst()).hasSize(2);
  }

  @Test
  default void a_lost_attempt_and_a_final_failure_are_told() {
    Grant lost = bench().runningRemotely(job("w").maxAttempts(2));
    bench().later(StoreBench.LEASE);
    bench().claimRemote("w", 1);
    bench().later(StoreBench.LEASE);

    List<JobEvent> events = bench().events(lost.token().job());

    assertThat(events)
        .extracting(JobEvent::id)
        .containsExactly(
            1_000_000L, 2_000_000L, 2_999_999L, 3_000_000L, 4_000_000L, 4_999_999L, 5_000_000L);
    assertThat(((JobEvent.AttemptFailed) events.get(2)).nextAttemptAt())
        .isEqualTo(bench().now().minus(StoreBench.LEASE));
    assertThat(((JobEvent.AttemptFailed) events.get(5)).nextAttemptAt()).isNull();
    assertThat(((JobEvent.Done) events.get(6)).status()).isEqualTo(JobStatus.FAILED);
  }

  @Test
  default void notes_stand_under_the_fence_of_their_attempt() {
    Grant grant = bench().running(job("w"));
    Progress half = new Progress(0.5, "rank", "page 1");
    bench()
        .commit(
            new Command.Append(
                grant.token(),
                List.of(new Note.Progressed(half), new Note.Logged("warn", "hm")),
                null));
    assertThat(bench().job(grant).progress()).isEqualTo(half);
    Instant now = bench().now();
    bench().backoff(grant, Duration.ZERO);
    bench().later(Duration.ZERO);
    Grant second = bench().claimOne("w");
    assertThat(bench().job(grant).progress()).isNull();
    append(second, new Note.Progressed(new Progress(null, null, null)));

    List<JobEvent> events = bench().events(grant.token().job());

    assertThat(events)
        .contains(
            new JobEvent.Progressed(2_000_001, now, half),
            new JobEvent.Logged(2_000_002, now, "warn", "hm"),
            new JobEvent.Progressed(4_000_001, now, new Progress(null, null, null)));
    assertThat(events).isSortedAccordingTo((a, b) -> Long.compare(a.id(), b.id()));
  }

  @Test
  default void output_is_taken_once_and_a_gap_is_refused_whole() {
    Grant grant = bench().running(job("w"));
    assertThat(append(grant, new Note.Output(0, List.of("a", "b"))))
        .isEqualTo(new Result.Appended(2));
    assertThat(append(grant, new Note.Output(1, List.of("b", "c"))))
        .isEqualTo(new Result.Appended(3));
    assertThat(append(grant, new Note.Output(1, List.of("b", "c"))))
        .isEqualTo(new Result.Appended(3));
    Result gap =
        bench()
            .commit(
                new Command.Append(
                    grant.token(),
                    List.of(new Note.Logged("info", "not taken"), new Note.Output(9, List.of("x"))),
                    StoreBench.USAGE));

    assertThat(gap).isEqualTo(new Result.OutputGap(3));
    assertThat(outputs(grant)).containsExactly("1:0:a|b", "1:2:c");
    assertThat(bench().job(grant).usage().inputTokens()).isNull();
    assertThat(bench().events(grant.token().job())).hasSize(4);
    bench().release(grant);
    Grant second = bench().claimOne("w");
    append(second, new Note.Output(3, List.of("d")));
    assertThat(outputs(grant)).containsExactly("1:0:a|b", "1:2:c", "1:3:d");
  }

  @Test
  default void pages_join_without_gap_or_repeat_at_every_size() {
    Grant grant = bench().running(job("w"));
    for (int i = 0; i < 4; i++) {
      append(grant, new Note.Logged("info", "line " + i));
      bench().busy(grant, Duration.ZERO);
      bench().later(Duration.ZERO);
      grant = bench().claimOne("w");
    }
    bench().fail(grant, ErrorCode.WORKER_ERROR, true);
    JobId id = grant.token().job();
    List<JobEvent> all = bench().events(id);
    assertThat(all).hasSize(16);
    assertThat(all).extracting(JobEvent::id).doesNotHaveDuplicates();

    for (int limit = 1; limit <= all.size() + 1; limit++) {
      List<JobEvent> joined = new ArrayList<>();
      long after = 0;
      EventPage page;
      do {
        page = bench().store().reader().events(StoreBench.TENANT, id, after, limit);
        assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
        joined.addAll(page.events());
        after = page.events().isEmpty() ? after : page.events().getLast().id();
      } while (page.more());
      assertThat(joined).isEqualTo(all);
    }
    assertThat(bench().store().reader().events(StoreBench.TENANT, id, EventId.ofStatus(99), 9))
        .isEqualTo(new EventPage(List.of(), false));
  }

  private Result append(Grant grant, Note note) {
    return bench().commit(new Command.Append(grant.token(), List.of(note), null));
  }

  private List<String> outputs(Grant grant) {
    return bench().events(grant.token().job()).stream()
        .filter(JobEvent.Output.class::isInstance)
        .map(JobEvent.Output.class::cast)
        .map(o -> o.epoch() + ":" + o.offset() + ":" + String.join("|", o.chunks()))
        .toList();
  }

  @Test
  default void output_goes_on_where_a_grant_of_the_same_attempt_left_it() {
    Grant first = bench().running(job("w"));
    stream(first, 0, "a", "b");
    bench().release(first);
    Grant second = bench().claimOne("w");
    assertThat(second.chunks()).isEqualTo(2);
    assertThat(stream(second, 3, "d")).isEqualTo(new Result.OutputGap(2));
    assertThat(stream(second, 1, "b", "c")).isEqualTo(new Result.Appended(3));
    bench().backoff(second, Duration.ZERO);
    bench().later(Duration.ZERO);
    Grant next = bench().claimOne("w");
    assertThat(next.chunks()).isZero();
    assertThat(stream(next, 0, "x")).isEqualTo(new Result.Appended(1));

    assertThat(bench().events(first.token().job()))
        .filteredOn(JobEvent.Output.class::isInstance)
        .map(JobEvent.Output.class::cast)
        .extracting(JobEvent.Output::epoch, JobEvent.Output::offset, JobEvent.Output::chunks)
        .containsExactly(
            tuple(1, 0L, List.of("a", "b")),
            tuple(1, 2L, List.of("c")),
            tuple(2, 0L, List.of("x")));
  }

  private Result stream(Grant grant, long offset, String... chunks) {
    Note note = new Note.Output(offset, List.of(chunks));
    return bench().commit(new Command.Append(grant.token(), List.of(note), null));
  }
}
