package dev.coatcheck.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder that is gone when closed. */
record Folder(Path path) implements AutoCloseable {

  static Folder create() throws IOException {
    return new Folder(Files.createTempDirectory("coatcheck-demo-"));
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(path)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.deleteIfExists(each);
    }
  }

  /** For the case that the process is told to end. */
  void remove() {
    try {
      close();
    } catch (IOException | UncheckedIOException e) {
      // The system clears its temporary folder some day.
    }
  }
}
