package dev.coatcheck.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that happened to a job. */
public sealed interface JobEvent {

  /** An event with a place in the history. Ids rise strictly within a job, with gaps. */
  sealed interface Recorded extends JobEvent {

    long id();

    Instant at();
  }

  /** The job as it is when a stream begins. */
  record Snapshot(Job job) implements JobEvent {}

  /** Events that are no longer kept. */
  record Gap(long from, long to) implements JobEvent {}

  /** Status, wait reason or attempt changed. */
  record Status(long id, Instant at, String status, @Nullable String waitReason, int attempt)
      implements Recorded {}

  record Progressed(
      long id,
      Instant at,
      @Nullable Double fraction,
      @Nullable String stage,
      @Nullable String message)
      implements Recorded {}

  record Logged(long id, Instant at, String level, String message) implements Recorded {}

  /**
   * A piece of streamed output.
   *
   * @param epoch the attempt; a higher one discards the output of all lower ones
   * @param offset place of the first chunk in the attempt's output, in chunks
   */
  record Output(long id, Instant at, int epoch, long offset, List<String> chunks)
      implements Recorded {}

  /**
   * An attempt ended without success, and the job goes on.
   *
   * @param nextAttemptAt when the next one may start
   */
  record AttemptFailed(
      long id, Instant at, int attempt, JobError error, @Nullable Instant nextAttemptAt)
      implements Recorded {}

  /** An event of a kind that this version does not know. */
  record Other(long id, Instant at, String type, JsonNode event) implements Recorded {}

  /** The end. */
  record Done(
      long id, Instant at, String status, @Nullable JsonNode output, @Nullable JobError error)
      implements Recorded {}
}
