package dev.coatcheck.client.work;

import dev.coatcheck.client.Usage;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an attempt knows and may say while it works. Safe for use from any thread. */
public interface WorkContext {

  /** The job's id. */
  String job();

  String worker();

  /** The attempt's number, from 1. */
  int attempt();

  int maxAttempts();

  Map<String, String> metadata();

  /** When the attempt will be stopped: its run timeout or the job's deadline, what comes first. */
  Optional<Instant> deadline();

  /** Where the outside world can report to, see {@link Suspend}; empty if it cannot. */
  Optional<String> callbackUrl();

  /** What ended the wait, when the attempt was suspended before. */
  Optional<Resume> resume();

  /** Why the attempt must stop; empty while it may go on. */
  Optional<StopReason> stopping();

  /**
   * Returns while the attempt may go on: the checkpoint of code that computes.
   *
   * @throws InterruptedException when it must stop
   */
  void checkpoint() throws InterruptedException;

  /**
   * Tells how far the work is. Thinned, the latest wins; what was not told when the attempt ends is
   * dropped.
   *
   * @param fraction 0 to 1
   */
  void progress(@Nullable Double fraction, @Nullable String stage, @Nullable String message);

  default void progress(double fraction) {
    progress(fraction, null, null);
  }

  /**
   * Adds a line to the job's log.
   *
   * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
   */
  void log(String level, String message);

  /**
   * Adds a chunk to the job's output stream. Chunks arrive in order, in batches; this waits when
   * very many are under way.
   */
  void output(String chunk) throws InterruptedException;

  /** Tells what was consumed so far in this attempt, cumulative. */
  void usage(Usage usage);
}
