package dev.coatcheck.server.bulk;

import dev.coatcheck.job.Job;
import dev.coatcheck.server.metrics.Metrics;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Counts what is done to many jobs as if it had been done to each. */
public record BulkMetrics(Metrics metrics) implements Consumer<Result> {

  @Override
  public void accept(Result result) {
    switch (result) {
      case Result.Redriven(Job job) -> metrics.submitted(job.worker());
      case Result.Canceled(Job job) ->
          metrics.finished(job.worker(), job.status().wire(), ran(job));
      default -> {}
    }
  }

  private static Duration ran(Job job) {
    Instant started = job.times().startedAt();
    Instant finished = job.times().finishedAt();
    return started == null || finished == null
        ? Duration.ZERO
        : Duration.between(started, finished);
  }
}
