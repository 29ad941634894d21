package dev.coatcheck.keep;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.blob.Blobs.Blob;
import dev.coatcheck.commit.Committer;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.handler.WorkFile;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The files of all tenants: their bytes lie in {@link Blobs}, what is known of them in the store.
 */
public final class Files {

  private final Blobs blobs;
  private final Store store;
  private final Committer committer;
  private final Machine machine;
  private final Duration kept;

  /**
   * Files on a store.
   *
   * @param kept how long a file is kept that no open job refers to
   */
  public Files(Blobs blobs, Store store, Committer committer, Machine machine, Duration kept) {
    this.blobs = blobs;
    this.store = store;
    this.committer = committer;
    this.machine = machine;
    this.kept = kept;
  }

  /** A file on its way in. Close it; what was not recorded leaves nothing behind. */
  public final class Arrival implements AutoCloseable {

    private final TenantId tenant;
    private final Blobs.Intake intake;

    private Arrival(TenantId tenant, Blobs.Intake intake) {
      this.tenant = tenant;
      this.intake = intake;
    }

    public void write(byte[] bytes, int offset, int length) throws Blobs.TooLargeException {
      intake.write(bytes, offset, length);
    }

    /** Ends the file and records it; when this returns, it is durable. */
    public StoredFile record(String name, String contentType) throws InterruptedException {
      Blob blob = intake.keep();
      Instant now = machine.now().truncatedTo(ChronoUnit.MILLIS);
      FileId id = FileId.of(now, machine.random().nextInt(), machine.random().nextLong());
      StoredFile file =
          new StoredFile(
              id, tenant, name, contentType, blob.size(), blob.sha256(), now, now.plus(kept));
      committer.commit(new Command.AddFile(file));
      return file;
    }

    @Override
    public void close() {
      intake.close();
    }
  }

  /**
   * Begins to take a file in.
   *
   * @param max bytes at most
   */
  public Arrival begin(TenantId tenant, long max) {
    return new Arrival(tenant, blobs.begin(tenant, max));
  }

  /** The tenant's file. One of another tenant is unknown. */
  public Optional<StoredFile> find(TenantId tenant, FileId id) {
    return store.reader().file(tenant, id);
  }

  /** The bytes of a file from an offset on; the caller closes the stream. */
  public InputStream open(StoredFile file, long offset) throws IOException {
    return blobs.open(file.tenant(), file.sha256(), offset);
  }

  /** The tenant's file in the form that handlers read. */
  public Optional<WorkFile> forWork(TenantId tenant, FileId id) {
    return find(tenant, id).map(file -> new Opened(this, file));
  }

  private record Opened(Files files, StoredFile about) implements WorkFile {

    @Override
    public InputStream open() throws IOException {
      return files.open(about, 0);
    }
  }

  /** Deletes bytes that no file has any more; how many blobs that were. */
  public int sweep() {
    Reader reader = store.reader();
    return blobs.sweep(reader::digests);
  }
}
