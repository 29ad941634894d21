package dev.coatcheck.store.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The old ones among the bytes in one folder, by name. */
record Shelf(Set<String> names) {

  static Shelf of(Path folder, Instant old) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> places = Files.list(folder)) {
      for (Path place : places.toList()) {
        if (olderThan(place, old)) {
          names.add(place.getFileName().toString());
        }
      }
    }
    return new Shelf(names);
  }

  /** Whether these bytes are there and last came before the instant. */
  static boolean olderThan(Path place, Instant old) throws IOException {
    try {
      return Files.getLastModifiedTime(place, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(old);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }
}
