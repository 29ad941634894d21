package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.DeadLetter.Reason;
import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.DeadLetterQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store promises of dead letters: they are found, redriven at most once, set aside. */
public interface DeadLetterContract extends OnBench {

  @Test
  default void an_entry_tells_why_the_job_failed_and_what_it_cost() {
    JobId id = bench().dead(job("w"), ErrorCode.UPSTREAM_ERROR, "the model said 429");

    DeadLetterEntry entry = page(DeadLetterFilter.NONE).getFirst();

    assertThat(entry)
        .isEqualTo(
            new DeadLetterEntry(
                id,
                "w",
                ErrorCode.UPSTREAM_ERROR,
                Reason.PERMANENT,
                "the model said 429",
                entry.fingerprint(),
                1,
                3_000L,
                bench().now(),
                State.OPEN,
                null));
    assertThat(reader().deadLetter(StoreBench.TENANT, id)).contains(entry);
    assertThat(reader().deadLetter(new TenantId("bob"), id)).isEmpty();
    assertThat(reader().deadLetters(query(new TenantId("bob"), State.OPEN))).isEmpty();
  }

  @Test
  default void every_condition_and_every_pair_of_them_finds_letters() {
    List<DeadLetterEntry> all = mixture();
    Instant middle = all.get(all.size() / 2).failedAt();
    for (String worker : new @Nullable String[] {null, "a", "b", "none"}) {
      for (String code : new @Nullable String[] {null, "worker_error", "internal", "canceled"}) {
        for (String print : new @Nullable String[] {null, all.get(1).fingerprint(), "0"}) {
          for (Instant at : new @Nullable Instant[] {null, middle}) {
            check(all, new DeadLetterFilter(worker, code, print, at, null));
            check(all, new DeadLetterFilter(worker, code, print, null, at));
          }
        }
      }
    }
  }

  private void check(List<DeadLetterEntry> all, DeadLetterFilter filter) {
    List<DeadLetterEntry> expected = all.stream().filter(entry -> meets(entry, filter)).toList();
    DeadLetterQuery query = DeadLetterQuery.open(StoreBench.TENANT, filter, 100);
    assertThat(page(filter)).as(filter.toString()).isEqualTo(expected);
    assertThat(reader().deadLetterPlaces(query))
        .isEqualTo(
            expected.stream().map(entry -> new Place(entry.failedAt(), entry.job())).toList());
    assertThat(reader().countDeadLetters(query)).isEqualTo(expected.size());
    assertThat(reader().deadLetterGroups(query).stream().mapToLong(DeadLetterGroup::count).sum())
        .as(filter.toString())
        .isEqualTo(expected.size());
  }

  private static boolean meets(DeadLetterEntry entry, DeadLetterFilter filter) {
    return (filter.worker() == null || filter.worker().equals(entry.worker()))
        && (filter.code() == null || filter.code().equals(entry.code().wire()))
        && (filter.fingerprint() == null || filter.fingerprint().equals(entry.fingerprint()))
        && (filter.failedAfter() == null || !entry.failedAt().isBefore(filter.failedAfter()))
        && (filter.failedBefore() == null || entry.failedAt().isBefore(filter.failedBefore()));
  }

  @Test
  default void pages_of_letters_join_even_among_letters_of_one_instant() {
    List<DeadLetterEntry> all = mixture();
    for (String worker : new @Nullable String[] {null, "a"}) {
      DeadLetterFilter filter = new DeadLetterFilter(worker, null, null, null, null);
      List<JobId> joined = new ArrayList<>();
      Place before = null;
      while (true) {
        List<Place> page =
            reader()
                .deadLetterPlaces(
                    new DeadLetterQuery(StoreBench.TENANT, filter, State.OPEN, before, 4));
        if (page.isEmpty()) {
          break;
        }
        page.forEach(place -> joined.add(place.job()));
        before = page.getLast();
      }
      assertThat(joined)
          .isEqualTo(
              all.stream()
                  .filter(entry -> worker == null || worker.equals(entry.worker()))
                  .map(DeadLetterEntry::job)
                  .toList());
    }
  }

  @Test
  default void groups_are_by_likeness_with_the_newest_message_the_largest_first() {
    bench().dead(job("w"), ErrorCode.UPSTREAM_ERROR, "status 500 of req-1");
    bench().advance(Duration.ofSeconds(1));
    bench().dead(job("w"), ErrorCode.INTERNAL, "another");
    bench().advance(Duration.ofSeconds(1));
    bench().dead(job("w"), ErrorCode.UPSTREAM_ERROR, "status 503 of req-2");
    bench().dead(job("v"), ErrorCode.INTERNAL, "another");
    DeadLetterQuery all = DeadLetterQuery.open(StoreBench.TENANT, DeadLetterFilter.NONE, 100);

    List<DeadLetterGroup> groups = reader().deadLetterGroups(all);

    assertThat(groups)
        .extracting(
            DeadLetterGroup::worker,
            DeadLetterGroup::message,
            DeadLetterGroup::count,
            DeadLetterGroup::lastAt)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("w", "status 503 of req-2", 2L, bench().now()),
            org.assertj.core.groups.Tuple.tuple("v", "another", 1L, bench().now()),
            org.assertj.core.groups.Tuple.tuple("w", "another", 1L, bench().now().minusSeconds(1)));
    assertThat(
            reader()
                .deadLetterGroups(
                    DeadLetterQuery.open(StoreBench.TENANT, DeadLetterFilter.NONE, 1)))
        .isEqualTo(groups.subList(0, 1));
  }

  @Test
  default void a_dead_letter_is_redriven_once() {
    JobId dead = bench().dead(job("w"), ErrorCode.INTERNAL, "no");

    Job again = ((Result.Redriven) redrive(dead)).job();

    assertThat(again.retryOf()).isEqualTo(dead);
    assertThat(again.phase()).isEqualTo(Phase.READY);
    assertThat(bench().job(dead).retriedBy()).isEqualTo(again.id());
    assertThat(bench().counts("w").deadLetters()).isZero();
    assertThat(redrive(dead)).isEqualTo(new Result.AlreadyRedriven(again.id()));
    bench().complete(bench().claimOne("w"), "1");
    assertThat(redrive(dead)).isEqualTo(new Result.AlreadyRedriven(again.id()));
    assertThat(bench().claim("w", 9)).isEmpty();
    DeadLetterEntry entry = reader().deadLetter(StoreBench.TENANT, dead).orElseThrow();
    assertThat(entry.state()).isEqualTo(State.REDRIVEN);
    assertThat(entry.redrivenAs()).isEqualTo(again.id());
    assertThat(page(DeadLetterFilter.NONE)).isEmpty();
    assertThat(reader().deadLetters(query(StoreBench.TENANT, State.REDRIVEN)))
        .containsExactly(entry);
  }

  @Test
  default void what_has_no_dead_letter_is_not_redriven() {
    JobId open = bench().accepted(job("w")).id();
    JobId foreign = bench().dead(job("v").tenant("bob"), ErrorCode.INTERNAL, "no");

    assertThat(redrive(open)).isEqualTo(new Result.NotADeadLetter());
    assertThat(redrive(Jobs.idAt(bench().now()))).isEqualTo(new Result.NotADeadLetter());
    assertThat(redrive(foreign)).isEqualTo(new Result.NotADeadLetter());
    assertThat(bench().counts("v").deadLetters()).isEqualTo(1);
  }

  @Test
  default void a_job_that_was_retried_is_not_redriven_as_well() {
    JobId dead = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    Job retry = bench().accepted(job("w").retryOf(dead));

    assertThat(redrive(dead)).isEqualTo(new Result.AlreadyRedriven(retry.id()));
  }

  @Test
  default void a_redrive_that_cannot_be_stored_leaves_the_letter_open() {
    JobId dead = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    FileId none = new FileId(1, 2);

    assertThat(bench().commit(new Command.Redrive(again(dead).file(none).build(bench().now()))))
        .isEqualTo(new Result.NoSuchFile(none));
    assertThat(bench().commit(new Command.Redrive(again(dead).queueLimit(0).build(bench().now()))))
        .isEqualTo(new Result.QueueFull(0));
    assertThat(page(DeadLetterFilter.NONE)).hasSize(1);
    assertThat(bench().job(dead).retriedBy()).isNull();
    assertThat(bench().counts("w").deadLetters()).isEqualTo(1);
  }

  @Test
  default void letters_are_set_aside_and_their_jobs_can_still_be_retried() {
    JobId dead = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId other = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId foreign = bench().dead(job("w").tenant("bob"), ErrorCode.INTERNAL, "no");
    JobId open = bench().accepted(job("v")).id();
    redrive(other);
    List<JobId> all = List.of(dead, other, foreign, open, Jobs.idAt(bench().now()));

    assertThat(bench().commit(new Command.Discard(StoreBench.TENANT, all)))
        .isEqualTo(new Result.Discarded(1));
    assertThat(bench().commit(new Command.Discard(StoreBench.TENANT, all)))
        .isEqualTo(new Result.Discarded(0));
    assertThat(bench().counts("w").deadLetters()).isEqualTo(1);
    assertThat(reader().deadLetters(query(StoreBench.TENANT, State.DISCARDED)))
        .extracting(DeadLetterEntry::job)
        .containsExactly(dead);
    assertThat(redrive(dead)).isEqualTo(new Result.LetterDiscarded());
    Job retry = bench().accepted(job("w").retryOf(dead));
    assertThat(bench().job(dead).retriedBy()).isEqualTo(retry.id());
    assertThat(bench().counts("w").deadLetters()).isEqualTo(1);
  }

  @Test
  default void letters_are_there_after_a_restart() {
    mixture();
    List<DeadLetterEntry> before = page(DeadLetterFilter.NONE);
    long counted = bench().counts("a").deadLetters();

    bench().restart();

    assertThat(page(DeadLetterFilter.NONE)).isEqualTo(before).isNotEmpty();
    assertThat(bench().counts("a").deadLetters()).isEqualTo(counted).isPositive();
  }

  /** Letters of two workers, of several codes and messages, newest first. */
  private List<DeadLetterEntry> mixture() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      String worker = i % 2 == 0 ? "a" : "b";
      ErrorCode code = i % 3 == 0 ? ErrorCode.INTERNAL : ErrorCode.WORKER_ERROR;
      ids.add(bench().dead(job(worker), code, i % 5 == 0 ? "no" : "row " + i + " is bad"));
      if (i % 2 == 1) {
        bench().advance(Duration.ofSeconds(1));
      }
    }
    JobId redriven = ids.remove(7);
    redrive(redriven);
    return Stream.of(ids.toArray(JobId[]::new))
        .map(id -> reader().deadLetter(StoreBench.TENANT, id).orElseThrow())
        .sorted(
            java.util.Comparator.comparing(DeadLetterEntry::failedAt)
                .thenComparing(DeadLetterEntry::job)
                .reversed())
        .toList();
  }

  private static Jobs again(JobId dead) {
    return job("w").retryOf(dead);
  }

  private Result redrive(JobId dead) {
    return bench().commit(new Command.Redrive(again(dead).build(bench().now())));
  }

  private List<DeadLetterEntry> page(DeadLetterFilter filter) {
    return reader().deadLetters(DeadLetterQuery.open(StoreBench.TENANT, filter, 100));
  }

  private static DeadLetterQuery query(TenantId tenant, State state) {
    return new DeadLetterQuery(tenant, DeadLetterFilter.NONE, state, null, 100);
  }

  private Reader reader() {
    return Objects.requireNonNull(bench().store().reader());
  }
}
