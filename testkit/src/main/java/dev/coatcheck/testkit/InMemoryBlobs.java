package dev.coatcheck.testkit;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.Sha256;
import dev.coatcheck.job.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Bytes of files in a map. */
public final class InMemoryBlobs implements Blobs {

  private static final Duration YOUNG = Duration.ofHours(1);

  private final Map<Address, Kept> kept = new ConcurrentHashMap<>();
  private final InstantSource clock;

  private record Address(TenantId tenant, String sha256) {}

  private record Kept(byte[] bytes, Instant at) {}

  public InMemoryBlobs(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Intake begin(TenantId tenant, long max) {
    return new Taken(tenant, max);
  }

  @Override
  public InputStream open(TenantId tenant, String sha256, long offset) throws IOException {
    Kept found = kept.get(new Address(tenant, sha256));
    if (found == null) {
      throw new NoSuchFileException(sha256);
    }
    int from = (int) Math.min(offset, found.bytes.length);
    return new ByteArrayInputStream(found.bytes, from, found.bytes.length - from);
  }

  @Override
  public int sweep(References references) {
    Instant old = clock.instant().minus(YOUNG);
    int before = kept.size();
    kept.entrySet()
        .removeIf(entry ->
            entry.getValue().at.isBefore(old)
                && references
                    .among(entry.getKey().tenant, Set.of(entry.getKey().sha256))
                    .isEmpty());
    return before - kept.size();
  }

  private final class Taken implements Intake {

    private final TenantId tenant;
    private final long max;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Taken(TenantId tenant, long max) {
      this.tenant = tenant;
      this.max = max;
    }

    @Override
    public void write(byte[] more, int offset, int length) throws TooLargeException {
      if (bytes.size() + (long) length > max) {
        throw new TooLargeException(max);
      }
      bytes.write(more, offset, length);
    }

    @Override
    public Blob keep() {
      byte[] whole = bytes.toByteArray();
      String sha256 = digest(whole);
      kept.put(new Address(tenant, sha256), new Kept(whole, clock.instant()));
      return new Blob(sha256, whole.length);
    }

    @Override
    public void close() {}
  }

  static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes));
  }
}
