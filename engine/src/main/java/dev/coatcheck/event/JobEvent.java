package dev.coatcheck.event;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.WaitReason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened to a job. Ids rise strictly within a job, see {@link EventId}. */
public sealed interface JobEvent {

  long id();

  Instant at();

  /** The job changed to an open status. */
  record Status(long id, Instant at, JobStatus status, @Nullable WaitReason waitReason, int attempt)
      implements JobEvent {}

  /** The running attempt told how far it is. */
  record Progressed(long id, Instant at, Progress progress) implements JobEvent {}

  /** The running attempt wrote a line for people. */
  record Logged(long id, Instant at, String level, String message) implements JobEvent {}

  /**
   * A piece of streamed output.
   *
   * @param epoch the attempt's number; a higher one makes all lower output void
   * @param offset chunks of this epoch before the first one here
   */
  record Output(long id, Instant at, int epoch, long offset, List<String> chunks)
      implements JobEvent {}

  /** The successful attempt made a file. */
  record FileMade(long id, Instant at, FileId file) implements JobEvent {}

  /**
   * An attempt failed.
   *
   * @param nextAttemptAt when the next one may start; null if there is none
   */
  record AttemptFailed(long id, Instant at, JobError error, @Nullable Instant nextAttemptAt)
      implements JobEvent {}

  /** The job reached its final status. Always the last event. */
  record Done(
      long id, Instant at, JobStatus status, @Nullable Payload output, @Nullable JobError error)
      implements JobEvent {}
}
