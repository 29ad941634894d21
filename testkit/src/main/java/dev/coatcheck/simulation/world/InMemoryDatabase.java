package dev.coatcheck.simulation.world;

import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.InMemoryStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Jobs in memory, shared by all nodes. */
final class InMemoryDatabase implements Database {

  private final InMemoryStore observer;
  private @Nullable InMemoryStore first;

  InMemoryDatabase(InstantSource clock, RandomGenerator random, Duration lease) {
    InMemoryStore opened = InMemoryStore.open(clock, random, lease, Set.of("user"));
    first = opened;
    observer = opened.anotherNode();
  }

  @Override
  public Place place() {
    InMemoryStore store = first == null ? observer.anotherNode() : first;
    first = null;
    return new Life(store);
  }

  private static final class Life implements Place {

    private InMemoryStore store;
    private boolean begun;

    Life(InMemoryStore store) {
      this.store = store;
    }

    @Override
    public Store open() {
      store = begun ? store.restart() : store;
      begun = true;
      return store;
    }
  }

  @Override
  public boolean extendsBesideOthers() {
    return true;
  }

  @Override
  public Reader reader() {
    return observer.reader();
  }

  @Override
  public Signals signals() {
    return observer.signals();
  }
}
