package dev.coatcheck.operation;

import dev.coatcheck.job.JobId;
import java.time.Instant;

/**
 * How far an operation or a reader of a list has come; they go from the newest to the oldest.
 *
 * @param at when the job failed, or was created
 */
public record Place(Instant at, JobId job) {

  /** The place of a job among those that are in the order of their creation. */
  public static Place of(JobId job) {
    return new Place(job.createdAt(), job);
  }
}
