package dev.coatcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Lifecycle;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.WorkerCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one tenant's jobs after every change and holds what it sees against what it saw before:
 * legal moves, rising fences, one event a move, a history that only grows, counters that agree.
 */
final class Watch {

  private record Seen(Job job, List<JobEvent> events, List<Attempt> attempts) {}

  private static final int FULL_EVERY = 10;
  private static final Set<String> REMOTE =
      Set.of(StoreBench.REMOTE.toString(), Chances.SECOND.toString());

  private final StoreBench bench;
  private final TenantId tenant;
  private final List<String> workers;
  private Map<JobId, Seen> before = new HashMap<>();
  private int looks;

  Watch(StoreBench bench, TenantId tenant, List<String> workers) {
    this.bench = bench;
    this.tenant = tenant;
    this.workers = workers;
  }

  /**
   * Checks, and returns all there is to see in a form that is equal for equal stores.
   *
   * @param several whether a job may have made more than one move since the last look
   */
  Object look(String where, boolean several) {
    looks++;
    Reader reader = bench.store().reader();
    List<Job> jobs =
        reader.jobs(new JobQuery(tenant, null, null, null, null, null, null, 10_000, true));
    Map<JobId, Seen> now = new HashMap<>();
    List<Object> state = new ArrayList<>();
    for (Job job : jobs) {
      Seen seen = seen(reader, job, where);
      now.put(job.id(), seen);
      state.add(job);
      state.add(seen.events());
      state.add(seen.attempts().stream().map(Watch::withoutRunner).toList());
      if (!several) {
        moved(before.get(job.id()), job, where);
      }
    }
    for (Seen seen : before.values()) {
      assertThat(now.containsKey(seen.job().id()) || seen.job().done()).as(where).isTrue();
    }
    workers(reader, jobs, state, where);
    before = now;
    return state;
  }

  private void workers(Reader reader, List<Job> jobs, List<Object> state, String where) {
    for (String worker : workers) {
      WorkerCounts counts = reader.counts(worker);
      assertThat(List.of(counts.ready(), counts.waiting(), counts.running(), counts.suspended()))
          .as(where)
          .isEqualTo(
              List.of(
                  count(jobs, worker, Phase.READY),
                  count(jobs, worker, Phase.WAITING),
                  count(jobs, worker, Phase.RUNNING),
                  count(jobs, worker, Phase.SUSPENDED)));
      state.add(counts);
      state.add(reader.worker(worker, 1));
    }
    if (looks % FULL_EVERY == 0) {
      state.add(
          reader.workers().stream()
              .filter(known -> workers.contains(known.spec().name()))
              .toList());
    }
  }

  /** The history of a job that has not changed and does not run is read now and then only. */
  private Seen seen(Reader reader, Job job, String where) {
    Seen last = before.get(job.id());
    if (last != null
        && last.job().equals(job)
        && job.phase() != Phase.RUNNING
        && looks % FULL_EVERY != 0) {
      return last;
    }
    List<JobEvent> events = reader.events(tenant, job.id(), 0, 10_000).events();
    Seen next = new Seen(job, events, reader.attempts(tenant, job.id()));
    check(next, where);
    if (last != null) {
      grew(last, next, where);
    }
    return next;
  }

  private static long count(List<Job> jobs, String worker, Phase phase) {
    return jobs.stream().filter(job -> job.worker().equals(worker) && job.phase() == phase).count();
  }

  private static void check(Seen seen, String where) {
    Job job = seen.job();
    assertThat(job.attempt()).as(where).isLessThanOrEqualTo(job.maxAttempts());
    assertThat(job.waitReason() == WaitReason.CALLBACK)
        .as(where)
        .isEqualTo(job.phase() == Phase.SUSPENDED);
    Histories.check(job, seen.events(), seen.attempts(), where);
  }

  private static void grew(Seen last, Seen next, String where) {
    Job job = next.job();
    assertThat(next.events()).as(where).startsWith(last.events().toArray(JobEvent[]::new));
    Histories.grew(last.attempts(), next.attempts(), where);
    assertThat(job.fence()).as(where).isGreaterThanOrEqualTo(last.job().fence());
    if (last.job().done()) {
      assertThat(job.phase()).as(where).isEqualTo(last.job().phase());
      assertThat(job.output()).as(where).isEqualTo(last.job().output());
      assertThat(job.error()).as(where).isEqualTo(last.job().error());
      assertThat(job.usage()).as(where).isEqualTo(last.job().usage());
      assertThat(job.files()).as(where).isEqualTo(last.job().files());
    }
  }

  private static void moved(@Nullable Seen seen, Job job, String where) {
    Phase from = seen == null ? null : seen.job().phase();
    if (from == job.phase()) {
      return;
    }
    assertThat(Lifecycle.TRANSITIONS)
        .as(where)
        .anyMatch(row -> row.from() == from && row.to() == job.phase());
    if (seen != null && from != Phase.WAITING) {
      assertThat(job.fence()).as(where).isEqualTo(seen.job().fence() + 1);
    }
  }

  /** The ids of nodes are random, those of remote runners are not. */
  private static Attempt withoutRunner(Attempt attempt) {
    boolean remote = REMOTE.contains(attempt.runner());
    return new Attempt(
        attempt.number(),
        attempt.fence(),
        attempt.state(),
        remote ? attempt.runner() : "node",
        attempt.startedAt(),
        attempt.finishedAt(),
        attempt.error(),
        attempt.usage(),
        attempt.late(),
        attempt.waitReason(),
        attempt.nextAttemptAt());
  }
}
