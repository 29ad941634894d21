package dev.coatcheck.store.folder;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Bytes in a folder: {@code tenant/ab/abcdef…}, named by their SHA-256. Names from outside never
 * become paths. What arrives is written beside, flushed, and moved to its place, so that a name
 * always stands for whole bytes.
 */
public final class FolderBlobs implements Blobs {

  /** Bytes that nothing refers to stay this long: their file may be on its way to the store. */
  static final Duration YOUNG = Duration.ofHours(1);

  /** Bytes of the disk that files leave free: the jobs that are there must be able to end. */
  private static final long RESERVE = 128L << 20;

  private final Path root;
  private final Path arriving;
  private final InstantSource clock;
  private final long reserve;

  /** Held when bytes come to or leave their place, so that a sweep takes nothing that just came. */
  private final ReentrantLock places = new ReentrantLock();

  /** How many want that nothing is deleted; changed and asked under the lock. */
  private int holds;

  private FolderBlobs(Path root, InstantSource clock, long reserve) {
    this.root = root;
    this.arriving = root.resolve(".arriving");
    this.clock = clock;
    this.reserve = reserve;
  }

  /**
   * Opens the folder and makes it if need be. One process at a time may have it open.
   *
   * @throws StoreRefusedException if the folder cannot be used
   */
  public static FolderBlobs open(Path folder, InstantSource clock) {
    return open(folder, clock, RESERVE);
  }

  static FolderBlobs open(Path folder, InstantSource clock, long reserve) {
    try {
      FolderBlobs blobs = new FolderBlobs(folder.toAbsolutePath().normalize(), clock, reserve);
      Private.folder(blobs.root);
      Private.folder(blobs.arriving);
      blobs.dropLeftovers();
      return blobs;
    } catch (IOException unusable) {
      throw new StoreRefusedException("the folder for files cannot be used: " + unusable, unusable);
    }
  }

  /** What was arriving when the process before died. */
  private void dropLeftovers() throws IOException {
    try (Stream<Path> leftovers = Files.list(arriving)) {
      for (Path leftover : leftovers.toList()) {
        Files.deleteIfExists(leftover);
      }
    }
  }

  @Override
  public Intake begin(TenantId tenant, long max) {
    return new Arriving(this, tenant, arriving, max);
  }

  /** Refuses more bytes where they would take what the store of jobs needs. */
  void requireRoom() throws IOException {
    if (Files.getFileStore(root).getUsableSpace() < reserve) {
      throw new StoreUnavailableException("the disk has no more room for files", null);
    }
  }

  @Override
  public InputStream open(TenantId tenant, String sha256, long offset) throws IOException {
    SeekableByteChannel channel =
        Files.newByteChannel(
            shelf(tenant, sha256).resolve(sha256),
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    try {
      channel.position(offset);
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
    return Channels.newInputStream(channel);
  }

  /** Moves bytes that have arrived to their place. */
  void settle(Path arrived, TenantId tenant, Blob blob) throws IOException {
    Path shelf = shelf(tenant, blob.sha256());
    Path place = shelf.resolve(blob.sha256());
    places.lock();
    try {
      if (Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
          && Files.size(place) == blob.size()) {
        Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
      } else {
        Private.folders(root, shelf);
        Files.setLastModifiedTime(arrived, FileTime.from(clock.instant()));
        Private.move(arrived, shelf, blob.sha256());
      }
    } finally {
      places.unlock();
    }
  }

  private Path shelf(TenantId tenant, String sha256) throws IOException {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new NoSuchFileException(sha256);
    }
    return root.resolve(tenant.value()).resolve(sha256.substring(0, 2));
  }

  /** From now until it is closed, nothing is deleted. */
  public Hold hold() {
    hold(1);
    return new Hold(this);
  }

  private void hold(int more) {
    places.lock();
    try {
      holds += more;
    } finally {
      places.unlock();
    }
  }

  /** Somebody reads what may no longer be referred to. */
  public static final class Hold implements AutoCloseable {

    private final FolderBlobs blobs;
    private final AtomicBoolean ended = new AtomicBoolean();

    private Hold(FolderBlobs blobs) {
      this.blobs = blobs;
    }

    @Override
    public void close() {
      if (!ended.getAndSet(true)) {
        blobs.hold(-1);
      }
    }
  }

  @Override
  public int sweep(References references) {
    int deleted = 0;
    try (Stream<Path> tenants = Files.list(root)) {
      for (Path tenant : tenants.filter(each -> !each.equals(arriving)).toList()) {
        try (Stream<Path> shelves = Files.list(tenant)) {
          for (Path shelf : shelves.toList()) {
            deleted += sweep(new TenantId(tenant.getFileName().toString()), shelf, references);
          }
        }
      }
    } catch (IOException trouble) {
      throw new StoreUnavailableException("files could not be swept: " + trouble, trouble);
    }
    return deleted;
  }

  private int sweep(TenantId tenant, Path shelf, References references) throws IOException {
    Instant old = clock.instant().minus(YOUNG);
    Shelf content = Shelf.of(shelf, old);
    Set<String> referred = references.among(tenant, content.names());
    int deleted = 0;
    for (String name : content.names()) {
      if (!referred.contains(name) && delete(shelf.resolve(name), old)) {
        deleted++;
      }
    }
    return deleted;
  }

  /** Deletes bytes that are still old: the same ones may have come again meanwhile. */
  private boolean delete(Path place, Instant old) throws IOException {
    places.lock();
    try {
      return holds == 0 && Shelf.olderThan(place, old) && Files.deleteIfExists(place);
    } finally {
      places.unlock();
    }
  }
}
