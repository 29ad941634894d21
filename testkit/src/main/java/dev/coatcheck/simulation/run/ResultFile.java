package dev.coatcheck.simulation.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as they are kept in files and put on the reliability page. */
final class ResultFile {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Where figures come from. */
  record Origin(String commit, String machine, String date) {

    static Origin here() {
      String machine =
          "%s %s, %d cores, Java %s"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  Runtime.getRuntime().availableProcessors(),
                  System.getProperty("java.version"));
      LocalDate today = InstantSource.system().instant().atZone(ZoneOffset.UTC).toLocalDate();
      return new Origin(
          System.getProperty("coatcheck.commit", "unknown"), machine, today.toString());
    }
  }

  /**
   * A range of seeds, as far as it has come.
   *
   * @param next the first seed that was not run
   */
  record Campaign(
      long from,
      long next,
      long seeds,
      long events,
      long simulatedMillis,
      long commits,
      long acknowledged,
      long paidCalls,
      long elapsedMillis,
      Map<String, Long> faults,
      List<Totals.Failed> failed,
      Origin origin) {}

  /**
   * How one defect that was built in fared.
   *
   * @param seeds how many it took to catch it; how many were tried if it was not caught
   * @param invariant what showed it; empty if nothing did
   */
  record Sabotaged(String mutation, String defect, boolean caught, String invariant, int seeds) {}

  /** All defects that were built in. */
  record Exams(List<Sabotaged> exams, Origin origin) {}

  /** A defect that was found, and mended. */
  record Found(String where, String defect, String seeds) {}

  /** All defects that were found. */
  record Findings(List<Found> found) {}

  private ResultFile() {}

  static <T> Optional<T> read(Path file, Class<T> type) {
    return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), type)) : Optional.empty();
  }

  /** Writes whole or not at all. */
  static void write(Path file, Object result) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Path half = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(half, JSON.writeValueAsString(result) + "\n");
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
