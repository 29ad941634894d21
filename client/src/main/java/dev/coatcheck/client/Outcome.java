package dev.coatcheck.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What became of a job that was waited for. */
public sealed interface Outcome<O extends @Nullable Object> {

  Job job();

  /**
   * The output; null only if it is JSON's null.
   *
   * @throws JobFailed if the job ended without one
   * @throws JobStillOpen if it has not ended
   */
  O output();

  record Succeeded<O extends @Nullable Object>(Job job, O output) implements Outcome<O> {}

  /** It failed, timed out or was canceled; {@code job.status()} tells which. */
  record Failed<O extends @Nullable Object>(Job job, JobError error) implements Outcome<O> {

    @Override
    public O output() {
      throw new JobFailed(job, error);
    }
  }

  /** The time to wait was over first. */
  record Open<O extends @Nullable Object>(Job job) implements Outcome<O> {

    @Override
    public O output() {
      throw new JobStillOpen(job);
    }
  }

  /** The outcome that a finished job has. */
  static <O> Outcome<O> of(Job job, Class<O> type, JsonMapper json) {
    if (job.succeeded()) {
      return new Succeeded<>(job, json.convertValue(job.output(), type));
    }
    JobError error = job.error();
    return new Failed<>(
        job, error == null ? new JobError(job.status(), "", false, job.attempt(), null) : error);
  }
}
