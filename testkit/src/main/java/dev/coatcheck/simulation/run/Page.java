package dev.coatcheck.simulation.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The reliability page, made from result files and nothing else. A section is a piece of text for
 * the folder of results; one whose results are missing is left out.
 */
public final class Page {

  /** One kind of proof. */
  interface Section {
    Optional<String> of(Path results);
  }

  private static final List<Section> SECTIONS =
      List.of(Page::seeds, Page::sabotage, Page::findings);

  private static final String HEAD =
      """
      # Reliability

      Made by `./simulate page` from the files in `docs/reliability`; every number was measured.

      """;

  private Page() {}

  /** The text of the page. */
  public static String of(Path results) {
    StringBuilder text = new StringBuilder(HEAD);
    for (Section section : SECTIONS) {
      section.of(results).ifPresent(part -> text.append(part).append('\n'));
    }
    return text.toString().stripTrailing() + "\n";
  }

  static void write(Path results, Path page) {
    try {
      Files.writeString(page, of(results));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Optional<String> seeds(Path results) {
    return ResultFile.read(results.resolve("simulation.json"), ResultFile.Campaign.class)
        .map(Page::seeds);
  }

  private static String seeds(ResultFile.Campaign run) {
    StringBuilder text = new StringBuilder();
    text.append("## Simulation\n\n");
    text.append(
        """
        The whole engine on virtual time: real code, an in-memory store that fails, nodes and runners that die or freeze,
        requests and replies that are lost, late or doubled, clocks that jump. A seed decides every step. What clients, runners,
        a paid provider and a witness at the store saw is held against the invariants after every change.

        """);
    text.append("| what | how much |\n|---|---|\n");
    row(text, "seeds", number(run.seeds()) + " (" + run.from() + " to " + (run.next() - 1) + ")");
    row(text, "seeds that broke an invariant", number(run.failed().size()));
    row(text, "events (a task was picked to go on)", number(run.events()));
    row(text, "simulated time", days(run.simulatedMillis()));
    row(text, "real time", hours(run.elapsedMillis()));
    row(text, "changes of the store checked", number(run.commits()));
    row(text, "acknowledged submissions checked", number(run.acknowledged()));
    row(text, "paid calls checked", number(run.paidCalls()));
    row(text, "commit, machine, date", origin(run.origin()));
    text.append("\n| fault | times |\n|---|---|\n");
    run.faults()
        .forEach((fault, times) ->
            row(text, fault.toLowerCase(Locale.ROOT).replace('_', ' '), number(times)));
    return text.toString();
  }

  private static Optional<String> sabotage(Path results) {
    return ResultFile.read(results.resolve("sabotage.json"), ResultFile.Exams.class)
        .map(Page::sabotage);
  }

  private static String sabotage(ResultFile.Exams exams) {
    long caught = exams.exams().stream().filter(ResultFile.Sabotaged::caught).count();
    StringBuilder text = new StringBuilder();
    text.append("## Sabotage\n\n");
    text.append("Defects built in on purpose, and whether the checker noticed: ");
    text.append(
        "%d of %d were caught (%s).%n%n"
            .formatted(caught, exams.exams().size(), origin(exams.origin())));
    text.append("| | defect | caught by | after seeds |\n|---|---|---|---|\n");
    for (ResultFile.Sabotaged exam : exams.exams()) {
      text.append(
          "| %s | %s | %s | %d |%n"
              .formatted(
                  exam.mutation(),
                  exam.defect(),
                  exam.caught() ? exam.invariant() : "not caught",
                  exam.seeds()));
    }
    return text.toString();
  }

  private static Optional<String> findings(Path results) {
    return ResultFile.read(results.resolve("found.json"), ResultFile.Findings.class)
        .map(Page::findings);
  }

  private static String findings(ResultFile.Findings findings) {
    StringBuilder text = new StringBuilder();
    text.append("## Found and mended\n\n| where | defect | first seen in |\n|---|---|---|\n");
    for (ResultFile.Found found : findings.found()) {
      text.append("| %s | %s | %s |%n".formatted(found.where(), found.defect(), found.seeds()));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String what, String value) {
    text.append("| ").append(what).append(" | ").append(value).append(" |\n");
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String days(long millis) {
    return String.format(
        Locale.ROOT, "%,.1f days", millis / (double) Duration.ofDays(1).toMillis());
  }

  private static String hours(long millis) {
    return String.format(
        Locale.ROOT, "%,.2f hours", millis / (double) Duration.ofHours(1).toMillis());
  }

  private static String origin(ResultFile.Origin origin) {
    return origin.commit() + ", " + origin.machine() + ", " + origin.date();
  }
}
