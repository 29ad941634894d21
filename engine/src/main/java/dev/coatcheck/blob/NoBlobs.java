package dev.coatcheck.blob;

import dev.coatcheck.job.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** For an engine that keeps no files. */
public final class NoBlobs implements Blobs {

  @Override
  public Intake begin(TenantId tenant, long max) {
    throw new UnsupportedOperationException("this engine was started without a place for files");
  }

  @Override
  public InputStream open(TenantId tenant, String sha256, long offset) throws IOException {
    throw new NoSuchFileException(sha256);
  }

  @Override
  public int sweep(References references) {
    return 0;
  }
}
