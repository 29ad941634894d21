package dev.coatcheck.store;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import java.time.Instant;
import java.util.Set;

/**
 * Hints from the store, given after the commit that they tell of. They may be lost, repeated or
 * late; whoever relies on them also looks for himself now and then.
 */
public interface Signals {

  /** Adds a listener for as long as the store is open. */
  void listen(Listener listener);

  /**
   * Whether what others did to the same jobs may go untold, so that somebody has to look; false
   * where all that is done to them passes through this process.
   */
  boolean lossy();

  /**
   * Whether the store looks every few seconds by itself for ready jobs of all these workers, and
   * tells of them as a hint, so that nobody else has to. One that can does so from the first
   * question on.
   */
  default boolean looksFor(Set<String> workers) {
    return false;
  }

  /** Called on the store's threads: must return at once and not call the store. */
  interface Listener {

    /** A job of the worker has become ready. */
    void work(String worker);

    /** The job's phase or history changed. */
    void changed(JobId job, Phase phase);

    /** Workers were defined, removed, paused or let go on by another process. */
    default void workersChanged() {}

    /** Upkeep has something to do at this instant. */
    void due(Instant at);

    /** A schedule names this instant, which may be past. */
    default void scheduled(Instant at) {}

    /**
     * This process could not tell the others for a whole lease that it is alive: what it holds may
     * be another's by now. Told again while that lasts.
     */
    default void cutOff() {}

    /**
     * The store takes nothing more until it is opened again. Other than hints, this is told once,
     * also to those who begin to listen later.
     */
    default void broken(StoreUnavailableException cause) {}
  }
}
