package dev.coatcheck.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes down what one witness saw, a JSON object a line: who ({@code p}), when it began and ended
 * ({@code t0}, {@code t}, nanoseconds of one clock that never goes back), how it went ({@code e})
 * and what it was ({@code f}).
 */
final class Witness implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final String name;
  private final BufferedWriter out;

  private Witness(String name, BufferedWriter out) {
    this.name = name;
    this.out = out;
  }

  static Witness open(Path folder, String name) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(name + ".jsonl");
      return new Witness(
          name,
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How something went, as far as its witness can know. */
  enum Ending {
    /** Answered with success. */
    OK,
    /** Refused: it certainly did not happen. */
    FAIL,
    /** No answer, or one that does not tell: it may have happened or not. */
    INFO;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Something that began at {@code t0} has ended now. */
  synchronized void say(long t0, Ending ending, String what, Consumer<ObjectNode> more) {
    ObjectNode line = JSON.createObjectNode();
    line.put("p", name).put("t0", t0).put("t", System.nanoTime());
    line.put("e", ending.word()).put("f", what);
    more.accept(line);
    try {
      out.write(JSON.writeValueAsString(line));
      out.newLine();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something that happened now. */
  void say(String what, Consumer<ObjectNode> more) {
    say(System.nanoTime(), Ending.OK, what, more);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
