package dev.coatcheck.testkit;

import org.junit.jupiter.api.AfterEach;

final class InMemoryStoreTest
    implements SubmitContract,
        IdempotencyContract,
        ClaimContract,
        SettleContract,
        ParkContract,
        CancelContract,
        LeaseContract,
        StageContract,
        PruneContract,
        FileContract,
        EventContract,
        ListContract,
        LifecycleContract,
        RandomWalkContract {

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
