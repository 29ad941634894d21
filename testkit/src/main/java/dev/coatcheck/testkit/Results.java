package dev.coatcheck.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What campaigns have measured, a file for each in the folder that {@code chaos.results} names.
 * Nothing is kept where it names none.
 */
public final class Results {

  private static final JsonMapper JSON = new JsonMapper();

  private Results() {}

  private static Optional<Path> file(String campaign) {
    return Optional.ofNullable(System.getProperty("chaos.results"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, campaign + ".json"));
  }

  /** What was measured so far; empty at first. */
  public static ObjectNode read(String campaign) throws IOException {
    Optional<Path> file = file(campaign).filter(Files::exists);
    ObjectNode found =
        file.isPresent()
            ? (ObjectNode) JSON.readTree(Files.readString(file.get()))
            : JSON.createObjectNode();
    return found.put("campaign", campaign);
  }

  /** Keeps what was measured, with when, where and of what. */
  public static void write(String campaign, ObjectNode measured)
      throws IOException, InterruptedException {
    Optional<Path> file = file(campaign);
    if (file.isEmpty()) {
      return;
    }
    measured.put(
        "date", InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS).toString());
    measured.put("commit", commit());
    measured.put(
        "machine",
        Runtime.getRuntime().availableProcessors()
            + " cores, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ", Java "
            + Runtime.version());
    Files.createDirectories(file.get().toAbsolutePath().getParent());
    Files.writeString(
        file.get(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(measured) + "\n");
  }

  private static String commit() throws IOException, InterruptedException {
    Process git = new ProcessBuilder("git", "rev-parse", "--short=12", "HEAD").start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return git.waitFor() == 0 ? said : "unknown";
  }

  /** Adds to a count. */
  public static void add(ObjectNode measured, String name, long more) {
    measured.put(name, measured.path(name).asLong(0) + more);
  }
}
