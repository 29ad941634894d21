package dev.coatcheck.cli.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks of the folder that holds the store. */
final class DataFolder {

  private static final String CHECK = "data folder";
  private static final List<String> NETWORK =
      List.of("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph");

  private final Path folder;

  DataFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  List<Finding> check() {
    List<Finding> findings = new ArrayList<>();
    findings.add(writable());
    Path there = existing();
    if (there != null) {
      try {
        FileStore store = Files.getFileStore(there);
        findings.add(disk(store.getUsableSpace()));
        findings.add(fileSystem(store.type()));
      } catch (IOException e) {
        findings.add(Finding.warn("disk", "cannot be asked: " + e.getMessage()));
      }
    }
    return findings;
  }

  private Finding writable() {
    Path there = existing();
    if (there == null || !Files.isDirectory(there)) {
      return Finding.fail(CHECK, (there == null ? folder : there) + " is not a folder");
    }
    if (!there.equals(folder)) {
      return Files.isWritable(there)
          ? Finding.ok(CHECK, folder + " (will be made)")
          : Finding.fail(CHECK, folder + " cannot be made: " + there + " is not writable");
    }
    return tryToWrite();
  }

  private Finding tryToWrite() {
    try {
      Files.delete(Files.createTempFile(folder, ".doctor-", ".tmp"));
      return Finding.ok(CHECK, folder.toString());
    } catch (IOException e) {
      return Finding.fail(CHECK, folder + " is not writable");
    }
  }

  static Finding disk(long usable) {
    String detail = Bytes.of(usable) + " free";
    if (usable < 100 * Bytes.MIB) {
      return Finding.fail("disk", detail + "; needs 100 MiB at least");
    }
    return usable < Bytes.GIB ? Finding.warn("disk", detail) : Finding.ok("disk", detail);
  }

  static Finding fileSystem(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    return NETWORK.stream().anyMatch(lower::startsWith)
        ? Finding.fail("file system", type + ": SQLite is not safe on a network file system")
        : Finding.ok("file system", type);
  }

  /** The folder, or the nearest one above that is there. */
  private @Nullable Path existing() {
    Path there = folder;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there;
  }
}
