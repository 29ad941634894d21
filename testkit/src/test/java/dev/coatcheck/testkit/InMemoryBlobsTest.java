package dev.coatcheck.testkit;

import dev.coatcheck.blob.Blobs;

final class InMemoryBlobsTest implements BlobContract {

  private final ManualClock clock = ManualClock.atNoon();
  private final Blobs blobs = new InMemoryBlobs(clock);

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public ManualClock clock() {
    return clock;
  }
}
