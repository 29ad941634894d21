package dev.coatcheck.store.base;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that a database had acknowledged and that an earlier copy of it does not know. */
public sealed interface Missed {

  /**
   * A job that the copy does not have.
   *
   * @param status how it was last
   */
  record Job(JobId id, String worker, String status, Payload input) implements Missed {}

  /**
   * The end of a job that is open in the copy.
   *
   * @param status {@code gone} if the job was deleted since
   */
  record End(JobId id, String worker, String status, @Nullable Instant finishedAt)
      implements Missed {}

  /** A callback to a job that the copy has. */
  record Callback(JobId id, String worker, Instant receivedAt) implements Missed {}

  /** A file that the copy does not have. */
  record File(FileId id, String name) implements Missed {}

  /** A version of a worker's contract that the copy does not have. */
  record Worker(String name, int version) implements Missed {}
}
