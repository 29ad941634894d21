package dev.coatcheck.server.backup;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.folder.FolderBlobs;
import dev.coatcheck.store.folder.OwnerOnly;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A backup in a file. Everything that is taken out of it is checked against its digest. */
public final class Archive implements AutoCloseable {

  static final String DATABASE = "coatcheck.db";
  static final String FILES = "files/";
  static final String MANIFEST = "manifest.json";

  private static final int MANIFEST_MAX = 64 << 20;
  private static final Pattern BLOB = Pattern.compile("files/([^/]+)/([0-9a-f]{64})");

  private final ZipFile zip;
  private final Manifest manifest;

  private Archive(ZipFile zip, Manifest manifest) {
    this.zip = zip;
    this.manifest = manifest;
  }

  /**
   * Opens an archive and reads its manifest.
   *
   * @throws ArchiveException if it is no backup, or not a whole one
   * @throws IOException if it cannot be read
   */
  public static Archive open(Path file) throws ArchiveException, IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException damaged) {
      throw new ArchiveException("it is not a whole archive: " + damaged.getMessage());
    }
    try {
      return new Archive(zip, manifest(zip));
    } catch (ArchiveException | IOException | RuntimeException refused) {
      zip.close();
      throw refused;
    }
  }

  private static Manifest manifest(ZipFile zip) throws ArchiveException, IOException {
    ZipEntry entry = zip.getEntry(MANIFEST);
    if (entry == null) {
      throw new ArchiveException("it has no manifest: it is no backup, or not a whole one");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MANIFEST_MAX);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      if (crc.getValue() != entry.getCrc()) {
        throw new ArchiveException("its manifest is damaged");
      }
      return Manifest.parse(bytes);
    } catch (ZipException | EOFException damaged) {
      throw new ArchiveException("its manifest is damaged: " + damaged.getMessage());
    }
  }

  public Manifest manifest() {
    return manifest;
  }

  /**
   * Reads all of it.
   *
   * @throws ArchiveException if anything in it is damaged or missing
   */
  public void check() throws ArchiveException, IOException {
    database((bytes, offset, length) -> {});
    blobs((tenant, sha256, in) -> Digesting.copy(in, (bytes, offset, length) -> {}).sha256());
  }

  /**
   * Writes the database to a new file and the bytes of files into a folder, durably.
   *
   * @throws ArchiveException if anything in it is damaged or missing
   */
  void unpack(Path database, FolderBlobs blobs) throws ArchiveException, IOException {
    try (FileChannel channel =
            FileChannel.open(
                database,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                OwnerOnly.file());
        OutputStream out = Channels.newOutputStream(channel)) {
      database(out::write);
      channel.force(true);
    }
    blobs((tenant, sha256, in) -> keep(blobs, tenant, in));
  }

  private static String keep(FolderBlobs blobs, TenantId tenant, InputStream in)
      throws IOException {
    try (Blobs.Intake intake = blobs.begin(tenant, Long.MAX_VALUE)) {
      Digesting.copy(
          in,
          (bytes, offset, length) -> {
            try {
              intake.write(bytes, offset, length);
            } catch (Blobs.TooLargeException impossible) {
              throw new IOException(impossible);
            }
          });
      return intake.keep().sha256();
    }
  }

  private void database(Digesting.Sink to) throws ArchiveException, IOException {
    ZipEntry entry = zip.getEntry(DATABASE);
    if (entry == null) {
      throw new ArchiveException("it has no " + DATABASE);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      if (!Digesting.copy(in, to).equals(manifest.database())) {
        throw new ArchiveException("its " + DATABASE + " is not what the manifest says");
      }
    } catch (ZipException | EOFException damaged) {
      throw new ArchiveException("its " + DATABASE + " is damaged: " + damaged.getMessage());
    }
  }

  /** Takes the bytes of a file; answers their digest. */
  private interface EachBlob {
    String take(TenantId tenant, String sha256, InputStream in) throws IOException;
  }

  private void blobs(EachBlob each) throws ArchiveException, IOException {
    long count = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      if (!entry.getName().equals(DATABASE) && !entry.getName().equals(MANIFEST)) {
        blob(entry, each);
        count++;
      }
    }
    if (count != manifest.files().count()) {
      throw new ArchiveException(
          "it has the bytes of "
              + count
              + " files, where the manifest says "
              + manifest.files().count());
    }
  }

  /** The names in an archive are not trusted: none becomes a path as it is. */
  private void blob(ZipEntry entry, EachBlob each) throws ArchiveException, IOException {
    Matcher name = BLOB.matcher(entry.getName());
    if (!name.matches()) {
      throw new ArchiveException("it has an entry that no backup has: " + entry.getName());
    }
    try (InputStream in = zip.getInputStream(entry)) {
      String sha256 = name.group(2);
      if (!each.take(new TenantId(name.group(1)), sha256, in).equals(sha256)) {
        throw new ArchiveException(entry.getName() + " in it is damaged");
      }
    } catch (IllegalArgumentException | ZipException | EOFException damaged) {
      throw new ArchiveException(entry.getName() + " in it is damaged: " + damaged.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
