package dev.coatcheck.server.backup;

import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.folder.OwnerOnly;
import dev.coatcheck.store.sqlite.Snapshot;
import dev.coatcheck.store.sqlite.StoredCopy;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backup of a store in a file: a copy of the database as it was at one moment lies on the disk
 * until this is closed, and no bytes of files are deleted meanwhile. Nothing of it is held in
 * memory but the names of the files.
 */
public final class Backup implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Backup.class);

  /** Bytes of the disk that are left to the server that goes on. */
  private static final long RESERVE = 128L << 20;

  private static final int BUFFER = 64 * 1024;
  private static final String LEFTOVER = ".backup-";

  private final FolderBlobs blobs;
  private final FolderBlobs.Hold hold;
  private final Path folder;
  private final Path copy;
  private final Instant cutAt;

  private Backup(FolderBlobs blobs, FolderBlobs.Hold hold, Path folder, Path copy, Instant cutAt) {
    this.blobs = blobs;
    this.hold = hold;
    this.folder = folder;
    this.copy = copy;
    this.cutAt = cutAt;
  }

  /**
   * Copies the database. It takes a while, in which the store works on.
   *
   * @param blobs the folder of the same place, as its owner has it open
   * @throws StoreUnavailableException if there is no room for the copy, or the disk fails
   */
  public static Backup take(Place place, FolderBlobs blobs, InstantSource clock) {
    FolderBlobs.Hold hold = blobs.hold();
    Path folder = null;
    try {
      requireRoom(place);
      String prefix = place.database().getFileName() + LEFTOVER;
      folder = Files.createTempDirectory(place.folder(), prefix, OwnerOnly.folder());
      Path copy = folder.resolve("copy.db");
      Instant cutAt = Snapshot.take(place.database(), copy, clock);
      return new Backup(blobs, hold, folder, copy, cutAt.truncatedTo(ChronoUnit.MILLIS));
    } catch (IOException trouble) {
      discard(folder, hold);
      throw new StoreUnavailableException("no backup: " + trouble, trouble);
    } catch (RuntimeException trouble) {
      discard(folder, hold);
      throw trouble;
    }
  }

  private static void requireRoom(Place place) throws IOException {
    long size = Snapshot.size(place.database());
    long room = Files.getFileStore(place.folder()).getUsableSpace() - RESERVE;
    if (room < size) {
      throw new StoreUnavailableException(
          "a copy of the database takes up to "
              + size
              + " bytes for a while, and the disk has room for "
              + Math.max(0, room),
          null);
    }
  }

  /** As of when it is. */
  public Instant cutAt() {
    return cutAt;
  }

  /**
   * Writes the archive and leaves the stream open. One that ends before its time can be told by
   * everybody who reads it: the manifest comes last.
   *
   * @param version of this program
   */
  public Manifest write(OutputStream out, String version) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER));
    zip.setLevel(Deflater.BEST_SPEED);
    try (StoredCopy stored = StoredCopy.open(copy)) {
      Manifest.Sum database = database(zip);
      Contents contents = new Contents(blobs, zip);
      stored.blobs(contents);
      Manifest manifest =
          new Manifest(
              version,
              cutAt,
              stored.schema(),
              stored.jobs(),
              database,
              new Manifest.Blobs(contents.count, contents.size),
              contents.missing);
      zip.putNextEntry(new ZipEntry(Archive.MANIFEST));
      zip.write(manifest.bytes());
      zip.closeEntry();
      zip.finish();
      zip.flush();
      return manifest;
    }
  }

  private Manifest.Sum database(ZipOutputStream zip) throws IOException {
    zip.putNextEntry(new ZipEntry(Archive.DATABASE));
    try (InputStream in = Files.newInputStream(copy)) {
      return Digesting.copy(in, zip::write);
    } finally {
      zip.closeEntry();
    }
  }

  /** Puts the bytes of files into an archive. */
  private static final class Contents implements StoredCopy.EachBlob {

    private final FolderBlobs blobs;
    private final ZipOutputStream zip;
    private final List<String> missing = new ArrayList<>();
    private long count;
    private long size;

    Contents(FolderBlobs blobs, ZipOutputStream zip) {
      this.blobs = blobs;
      this.zip = zip;
    }

    @Override
    public void take(TenantId tenant, String sha256) throws IOException {
      try (InputStream in = blobs.open(tenant, sha256, 0)) {
        zip.putNextEntry(new ZipEntry(Archive.FILES + tenant.value() + "/" + sha256));
        size += Digesting.copy(in, zip::write).size();
        zip.closeEntry();
        count++;
      } catch (NoSuchFileException lost) {
        missing.add(tenant.value() + "/" + sha256);
      }
    }
  }

  /** Deletes what backups left that a crash ended. Only the owner of the place may call this. */
  public static void dropLeftovers(Place place) {
    String pattern = place.database().getFileName() + LEFTOVER + "*";
    try (DirectoryStream<Path> found = Files.newDirectoryStream(place.folder(), pattern)) {
      for (Path each : found) {
        Trees.delete(each);
      }
    } catch (IOException trouble) {
      log.warn("what is left of a backup stays: {}", trouble.toString());
    }
  }

  private static void discard(
      @org.jspecify.annotations.Nullable Path folder, FolderBlobs.Hold hold) {
    try {
      if (folder != null) {
        Trees.delete(folder);
      }
    } catch (IOException trouble) {
      log.warn("the copy for a backup stays until the next start: {}", trouble.toString());
    } finally {
      hold.close();
    }
  }

  @Override
  public void close() {
    discard(folder, hold);
  }
}
