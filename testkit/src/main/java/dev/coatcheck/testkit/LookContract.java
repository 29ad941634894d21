package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.event.Note;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.Progressed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What those learn from a store who look by themselves, since a hint may be lost. */
public interface LookContract extends OnBench {

  @Test
  default void how_far_jobs_have_come_is_another_number_after_each_change() {
    JobId job = bench().accepted(job("w")).id();
    Progressed born = at(job);
    assertThat(born).isEqualTo(new Progressed(job, Phase.READY, lastEvent(job)));

    Grant grant = bench().claimOne("w");
    Progressed running = at(job);
    assertThat(running).isEqualTo(new Progressed(job, Phase.RUNNING, lastEvent(job)));
    assertThat(running.event()).isGreaterThan(born.event());

    bench().commit(new Command.Append(grant.token(), List.of(new Note.Logged("info", "a")), null));
    assertThat(at(job)).isEqualTo(new Progressed(job, Phase.RUNNING, lastEvent(job)));
    assertThat(at(job).event()).isGreaterThan(running.event());

    bench().backoff(grant, Duration.ofMinutes(1));
    assertThat(at(job).phase()).isEqualTo(Phase.WAITING);
    bench().later(Duration.ofMinutes(1));
    bench().store().stage(9);
    assertThat(at(job).phase()).isEqualTo(Phase.READY);

    bench().complete(bench().claimOne("w"), "1");
    assertThat(at(job).phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(at(job).event()).isGreaterThan(running.event());
  }

  @Test
  default void of_jobs_that_are_not_there_nothing_is_told() {
    JobId job = bench().accepted(job("w")).id();
    JobId unknown = Jobs.idAt(Instant.EPOCH);
    assertThat(bench().store().reader().progressed(Set.of(job, unknown)))
        .extracting(Progressed::job)
        .containsExactly(job);
    assertThat(bench().store().reader().progressed(Set.of())).isEmpty();
  }

  @Test
  default void workers_with_ready_jobs_are_told_from_the_others() {
    bench().accepted(job("ready"));
    bench().accepted(job("waiting").delay(Duration.ofHours(1)));
    bench().running(job("running"));
    Set<String> asked = Set.of("ready", "waiting", "running", "unknown");
    assertThat(bench().store().reader().ready(asked)).containsExactly("ready");
    assertThat(bench().store().reader().ready(Set.of())).isEmpty();
  }

  private Progressed at(JobId job) {
    return bench().store().reader().progressed(Set.of(job)).getFirst();
  }

  private long lastEvent(JobId job) {
    return bench().store().reader().events(StoreBench.TENANT, job, 0, 1_000).events().stream()
        .mapToLong(JobEvent::id)
        .max()
        .orElseThrow();
  }
}
