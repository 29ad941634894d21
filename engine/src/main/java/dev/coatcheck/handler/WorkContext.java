package dev.coatcheck.handler;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Resume;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an attempt knows and may say while it works. Safe for use from any thread. */
public interface WorkContext {

  JobId job();

  TenantId tenant();

  /** The attempt's number, from 1. */
  int attempt();

  int maxAttempts();

  /** How often the job was handed to a runner, from 1; unlike the attempt it counts busy ones. */
  int grants();

  Map<String, String> metadata();

  /**
   * The token with which someone else may report back to this job, once: it ends a suspension of
   * it, the one that this attempt goes into or a later one. The same at each call.
   *
   * @throws InterruptedException when the attempt must stop
   */
  CallbackToken callback() throws InterruptedException;

  /** What the attempt goes on with; empty at its beginning. */
  Optional<Resume> resume();

  /**
   * A file of the job's tenant.
   *
   * @throws WorkFailure {@code input_unavailable}, permanent, if there is none with this id
   */
  WorkFile file(FileId id) throws WorkFailure;

  /** The engine's clock. */
  Instant now();

  /** When this attempt will be stopped: its run timeout or the job's deadline. */
  Instant stopsAt();

  /** Why the attempt must stop; empty while it may go on. */
  Optional<StopReason> stopping();

  /**
   * Returns while the attempt may go on: the checkpoint of code that computes.
   *
   * @throws InterruptedException when it must stop
   */
  void checkpoint() throws InterruptedException;

  /**
   * Waits without holding a platform thread.
   *
   * @throws InterruptedException when the attempt is told to stop, once, as any wait would
   */
  void sleep(Duration duration) throws InterruptedException;

  /** Tells how far the work is. Thinned to ten a second, the latest wins. */
  void progress(@Nullable Double fraction, @Nullable String stage, @Nullable String message);

  default void progress(Progress progress) {
    progress(progress.fraction(), progress.stage(), progress.message());
  }

  /** Adds a line to the job's log. */
  void log(String level, String message);

  /** Adds a chunk to the job's output stream. */
  void output(String chunk);

  /** Tells what was consumed so far in this attempt, cumulative. */
  void usage(Usage usage);

  /** Why an attempt is told to stop. */
  enum StopReason {
    CANCELED,
    RUN_TIMEOUT,
    DEADLINE,
    /** The lease went to another runner, or may have: the store was out of reach for too long. */
    LOST,
    /** The engine stops and hands the job back. */
    SHUTDOWN
  }
}
