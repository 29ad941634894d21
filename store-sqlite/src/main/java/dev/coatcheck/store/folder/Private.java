package dev.coatcheck.store.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Files and folders that only this user can read. */
final class Private {

  private Private() {}

  /** Makes a folder, and those above it, if there is none. A link in its place is refused. */
  static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder, OwnerOnly.folder());
    }
  }

  /** Makes every folder between an existing one and one below it, durably. */
  static void folders(Path root, Path below) throws IOException {
    Path at = root;
    for (Path step : root.relativize(below)) {
      Path parent = at;
      at = at.resolve(step);
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(at, OwnerOnly.folder());
        flush(parent);
      }
    }
  }

  /** A new, empty file. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.file());
  }

  /** Moves a file into a folder, durably; over one of this name if there is one. */
  static void move(Path from, Path folder, String name) throws IOException {
    Files.move(from, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    flush(folder);
  }

  /** Makes the names in a folder durable. */
  private static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
