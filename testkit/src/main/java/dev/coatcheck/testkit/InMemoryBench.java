package dev.coatcheck.testkit;

import dev.coatcheck.store.Store;
import java.util.Set;
import java.util.SplittableRandom;

/** The in-memory store on a bench. */
public final class InMemoryBench extends StoreBench {

  @Override
  protected Store open() {
    return InMemoryStore.open(clock(), new SplittableRandom(1), LEASE, Set.of("user"), WEIGHTS);
  }

  @Override
  protected Store reopen(Store old) {
    return ((InMemoryStore) old).restart();
  }
}
