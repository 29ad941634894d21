package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.JobQuery.Tag;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.Reader.WorkerCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store promises of lists and counters. */
public interface ListContract extends OnBench {

  @Test
  default void every_condition_and_every_pair_of_them_filters() {
    List<Job> all = mixture();
    for (String worker : new @Nullable String[] {null, "a", "b", "none"}) {
      for (JobStatus status : statuses()) {
        for (Tag tag : new @Nullable Tag[] {null, new Tag("user", "ann"), new Tag("user", "x")}) {
          JobQuery query = filter(worker, status, tag);
          assertThat(ids(query))
              .as(query.toString())
              .isEqualTo(
                  all.stream()
                      .filter(job -> worker == null || job.worker().equals(worker))
                      .filter(job -> status == null || job.status() == status)
                      .filter(job -> tag == null || tag.value().equals(job.metadata().get("user")))
                      .map(Job::id)
                      .toList()
                      .reversed());
        }
      }
    }
  }

  @Test
  default void pages_join_and_time_bounds_hold() {
    mixture();
    List<JobId> all = ids(page(null, null, null, 100));
    List<JobId> joined = new ArrayList<>();
    JobId before = null;
    while (true) {
      List<JobId> page = ids(page(null, null, before, 4));
      if (page.isEmpty()) {
        break;
      }
      joined.addAll(page);
      before = page.getLast();
    }
    assertThat(joined).isEqualTo(all);
    Instant from = all.get(8).createdAt();
    Instant to = all.get(3).createdAt();
    assertThat(ids(page(from, to, null, 100))).isEqualTo(all.subList(4, 9));
    assertThat(ids(page(from, to, all.get(5), 100))).isEqualTo(all.subList(6, 9));
  }

  @Test
  default void payloads_are_read_when_asked_for() {
    Grant grant = bench().running(job("w").input("x".repeat(3_000)));
    bench().complete(grant, "out");
    JobQuery without = JobQuery.of(StoreBench.TENANT, 9);
    JobQuery with = new JobQuery(StoreBench.TENANT, null, null, null, null, null, null, 9, true);

    Job slim = bench().store().reader().jobs(without).getFirst();

    assertThat(slim.input()).isEqualTo(Payload.EMPTY);
    assertThat(slim.output()).isNull();
    assertThat(bench().store().reader().jobs(with)).containsExactly(bench().job(grant));
  }

  @Test
  default void another_tenants_jobs_are_not_listed() {
    bench().accepted(job("w").tenant("ann").metadata("user", "u"));

    assertThat(bench().store().reader().jobs(JobQuery.of(new TenantId("bob"), 9))).isEmpty();
    assertThat(ids(filter(null, null, new Tag("user", "u")))).isEmpty();
  }

  @Test
  default void an_undeclared_metadata_key_cannot_be_asked_for() {
    JobQuery query = filter(null, null, new Tag("color", "red"));

    assertThatThrownBy(() -> bench().store().reader().jobs(query))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void counters_tell_each_state_and_survive_a_restart() {
    Instant oldest = bench().now();
    bench().accepted(job("w").priority(-5));
    bench().advance(Duration.ofSeconds(1));
    bench().accepted(job("w"));
    bench().accepted(job("w").delay(Duration.ofSeconds(60)));
    Grant grant = bench().runningRemotely(job("w").priority(9));
    bench().complete(bench().started(job("v")).grant(), "1");
    WorkerCounts expected = new WorkerCounts(2, 1, 1, 0, 0, 0, oldest);
    assertThat(bench().counts("w")).isEqualTo(expected);

    bench().restart();

    assertThat(bench().counts("w")).isEqualTo(expected);
    assertThat(bench().counts("v")).isEqualTo(new WorkerCounts(0, 0, 0, 0, 0, 0, null));
    assertThat(bench().counts("never")).isEqualTo(new WorkerCounts(0, 0, 0, 0, 0, 0, null));
    bench().complete(grant, "1");
    bench().claim("w", 9);
    assertThat(bench().counts("w")).isEqualTo(new WorkerCounts(0, 1, 2, 0, 0, 0, null));
  }

  @Test
  default void recent_ends_are_told_newest_first() {
    Job stored = bench().accepted(job("w"));
    bench().advance(Duration.ofSeconds(2));
    Grant grant = bench().claimOne("w");
    bench().advance(Duration.ofSeconds(3));
    bench().complete(grant, "1");
    bench().advance(Duration.ofSeconds(1));
    JobId canceled = bench().accepted(job("v")).id();
    bench().cancel(canceled);

    assertThat(bench().store().reader().recent(9))
        .containsExactly(
            new Finished("v", Phase.CANCELED, bench().now(), Duration.ZERO, null),
            new Finished(
                "w",
                Phase.SUCCEEDED,
                stored.createdAt().plusSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3)));
    assertThat(bench().store().reader().recent(1)).hasSize(1);
  }

  /** Jobs in every status, of two workers, some tagged; oldest first, a second apart. */
  private List<Job> mixture() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String worker = i % 2 == 0 ? "a" : "b";
      Jobs next = job(worker);
      if (i % 3 == 0) {
        next.metadata("user", "ann");
      }
      ids.add(started(next, i / 2 % 6));
      bench().advance(Duration.ofSeconds(1));
    }
    return ids.stream().map(bench()::job).toList();
  }

  private JobId started(Jobs job, int kind) {
    if (kind == 0) {
      return bench().accepted(job.delay(Duration.ofDays(1))).id();
    }
    Grant grant = bench().started(job).grant();
    switch (kind) {
      case 1 -> bench().complete(grant, "1");
      case 2 -> bench().fail(grant, dev.coatcheck.job.ErrorCode.WORKER_ERROR, true);
      case 3 -> bench().fail(grant, dev.coatcheck.job.ErrorCode.DEADLINE, true);
      case 4 -> bench().cancel(grant.token().job());
      default -> {}
    }
    return grant.token().job();
  }

  private static @Nullable JobStatus[] statuses() {
    JobStatus[] values = JobStatus.values();
    @Nullable JobStatus[] withNone = new @Nullable JobStatus[values.length + 1];
    System.arraycopy(values, 0, withNone, 1, values.length);
    return withNone;
  }

  private static JobQuery filter(
      @Nullable String worker, @Nullable JobStatus status, @Nullable Tag tag) {
    return new JobQuery(StoreBench.TENANT, worker, status, null, null, tag, null, 100, false);
  }

  private static JobQuery page(
      @Nullable Instant from, @Nullable Instant to, @Nullable JobId before, int limit) {
    return new JobQuery(StoreBench.TENANT, null, null, from, to, null, before, limit, false);
  }

  private List<JobId> ids(JobQuery query) {
    return bench().store().reader().jobs(query).stream().map(Job::id).toList();
  }
}
