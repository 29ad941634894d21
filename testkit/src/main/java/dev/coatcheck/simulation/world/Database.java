package dev.coatcheck.simulation.world;

import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** What the nodes of a world keep their jobs in, empty at first. */
public interface Database {

  /** Where one node opens it, one process after the other. */
  interface Place {

    /** Opens it for a new process; the one before is gone. */
    Store open();
  }

  /** Makes one. */
  interface Maker {

    /**
     * An empty one.
     *
     * @param clock the time of the world
     * @param lease how long runners elsewhere may be silent
     */
    Database make(InstantSource clock, RandomGenerator random, Duration lease);
  }

  /** Kept in memory. */
  static Maker inMemory() {
    return InMemoryDatabase::new;
  }

  /** A place for one more node. */
  Place place();

  /** Whether leases of runners elsewhere get more time when a process starts beside others. */
  boolean extendsBesideOthers();

  /** Sees what is committed. */
  Reader reader();

  /** Tells of every change at once, and in the task that made it. */
  Signals signals();
}
