package dev.coatcheck.testkit;

import org.junit.jupiter.api.AfterEach;

final class InMemoryStoreTest implements StoreContract, RandomWalkContract {

  private final StoreBench bench = new InMemoryBench();

  @Override
  public StoreBench bench() {
    return bench;
  }

  @AfterEach
  void close() {
    bench.close();
  }
}
