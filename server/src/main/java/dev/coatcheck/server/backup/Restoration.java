package dev.coatcheck.server.backup;

import dev.coatcheck.store.Restore;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.base.Missed;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.folder.OwnerOnly;
import dev.coatcheck.store.sqlite.Ownership;
import dev.coatcheck.store.sqlite.SqliteOptions;
import dev.coatcheck.store.sqlite.SqliteStore;
import dev.coatcheck.store.sqlite.StoredCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a backup in the place of a store, in steps: {@link #unpack}, {@link #fence}, perhaps {@link
 * #missed}, {@link #settle}. All is done beside the place, which stays empty until the last step:
 * no server can start on a store whose leases were not ended. Closed before that, it leaves
 * nothing.
 */
public final class Restoration implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Restoration.class);
  private static final String BESIDE = ".restoring";

  private final Place place;
  private final Place beside;
  private final Ownership ownership;
  private final Archive archive;
  private final boolean madeFolder;
  private final InstantSource clock = InstantSource.system();
  private boolean settled;

  private Restoration(Place place, Ownership ownership, Archive archive, boolean madeFolder) {
    this.place = place;
    this.ownership = ownership;
    this.archive = archive;
    this.madeFolder = madeFolder;
    String name = place.database().getFileName() + BESIDE;
    this.beside = Place.in(place.folder().resolve(name));
  }

  /**
   * Opens a backup, and takes the place for this process alone.
   *
   * @throws StoreRefusedException if there is a store in the place already, or it cannot be written
   *     to
   * @throws ArchiveException if the file is no backup
   */
  public static Restoration begin(Path file, Place place) throws ArchiveException, IOException {
    requireFree(place);
    Archive archive = Archive.open(file);
    boolean madeFolder = !Files.exists(place.folder());
    Ownership ownership = null;
    try {
      ownership = Ownership.of(place.database());
      Restoration begun = new Restoration(place, ownership, archive, madeFolder);
      requireFree(place);
      Trees.delete(begun.beside.folder());
      Files.createDirectory(begun.beside.folder(), OwnerOnly.folder());
      return begun;
    } catch (IOException | RuntimeException refused) {
      archive.close();
      if (ownership != null) {
        ownership.close();
      }
      throw refused;
    }
  }

  private static void requireFree(Place place) throws IOException {
    if (Files.exists(place.database())) {
      throw new StoreRefusedException(
          place.database() + " is there already. Move it away, or name another folder.", null);
    }
    if (!Trees.empty(place.files())) {
      throw new StoreRefusedException(
          place.files()
              + " has files of another store in it. Move it away, or name another folder.",
          null);
    }
  }

  public Manifest manifest() {
    return archive.manifest();
  }

  /**
   * Takes everything out of the backup.
   *
   * @throws ArchiveException if anything in it is damaged
   */
  public void unpack() throws ArchiveException, IOException {
    requireRoom();
    archive.unpack(beside.database(), FolderBlobs.open(beside.files(), clock));
  }

  private void requireRoom() throws IOException {
    Manifest about = archive.manifest();
    long needed = about.database().size() + about.files().size();
    long room = Files.getFileStore(beside.folder()).getUsableSpace();
    if (room < needed) {
      throw new StoreRefusedException(
          "the backup takes " + needed + " bytes, and the disk has room for " + room, null);
    }
  }

  /** Ends every lease, and brings the database to the newest schema. */
  public Restore fence() {
    SqliteOptions options = SqliteOptions.of(beside.database(), clock, new SecureRandom());
    try (SqliteStore store = SqliteStore.open(options)) {
      return store.fence(archive.manifest().cutAt());
    }
  }

  /**
   * What a database that went on after the backup had acknowledged and the backup does not know.
   *
   * @throws StoreRefusedException if it is in use, or cannot be read
   */
  public void missed(Path old, Consumer<Missed> each) {
    try (StoredCopy restored = StoredCopy.open(beside.database())) {
      restored.missed(old, each);
    }
  }

  /** Moves it to its place; when this returns, it is durable. */
  public void settle() throws IOException {
    requireNoLog();
    Trees.flush(beside.database());
    Files.deleteIfExists(place.files());
    Files.move(beside.files(), place.files(), StandardCopyOption.ATOMIC_MOVE);
    Files.move(beside.database(), place.database(), StandardCopyOption.ATOMIC_MOVE);
    Trees.flush(place.folder());
    settled = true;
  }

  /** What lies in a log would be left behind. */
  private void requireNoLog() throws IOException {
    Path rest = beside.database().resolveSibling(beside.database().getFileName() + "-wal");
    if (Files.exists(rest) && Files.size(rest) > 0) {
      throw new IOException("the database was not written out: " + rest);
    }
  }

  @Override
  public void close() {
    try {
      archive.close();
      Trees.delete(beside.folder());
      if (madeFolder && !settled) {
        Trees.delete(place.folder());
      }
    } catch (IOException trouble) {
      log.warn("what the restore made stays: {}", trouble.toString());
    } finally {
      ownership.close();
    }
  }
}
