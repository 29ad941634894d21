package dev.coatcheck.simulation.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      List.of(
          Page::seeds,
          RealFaults::worlds,
          Page::sabotage,
          RealFaults::kills,
          RealFaults::cluster,
          RealFaults::freezes,
          RealFaults::failovers,
          RealFaults::tornLogs,
          RealFaults::fuzzing,
          Page::findings);

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
    Lines text =
        new Lines(
            "Simulation",
            """
            The whole engine on virtual time: real code, an in-memory store that fails, nodes and runners that die or freeze,
            requests and replies that are lost, late or doubled, clocks that jump. A seed decides every step. What clients, runners,
            a paid provider and a witness at the store saw is held against the invariants after every change.
            """);
    text.head("what", "how much")
        .row(
            "seeds",
            Lines.number(run.seeds()) + " (" + run.from() + " to " + (run.next() - 1) + ")")
        .row("seeds that broke an invariant", run.failed().size())
        .row("events (a task was picked to go on)", run.events())
        .row("simulated time", Lines.days(run.simulatedMillis()))
        .row("real time", Lines.hours(run.elapsedMillis()))
        .row("changes of the store checked", run.commits())
        .row("acknowledged submissions checked", run.acknowledged())
        .row("paid calls checked", run.paidCalls())
        .row("commit, machine, date", Lines.origin(run.origin()))
        .blank()
        .head("fault", "times");
    run.faults()
        .forEach(
            (fault, times) -> text.row(fault.toLowerCase(Locale.ROOT).replace('_', ' '), times));
    return text.toString();
  }

  private static Optional<String> sabotage(Path results) {
    return ResultFile.read(results.resolve("sabotage.json"), ResultFile.Exams.class)
        .map(Page::sabotage);
  }

  private static String sabotage(ResultFile.Exams exams) {
    long caught = exams.exams().stream().filter(ResultFile.Sabotaged::caught).count();
    Lines text =
        new Lines(
            "Sabotage",
            """
            Defects built in on purpose, and whether the checker noticed: %d of %d were caught (%s).
            """
                .formatted(caught, exams.exams().size(), Lines.origin(exams.origin())));
    text.head("", "defect", "caught by", "after seeds");
    for (ResultFile.Sabotaged exam : exams.exams()) {
      text.row(
          exam.mutation(),
          exam.defect(),
          exam.caught() ? exam.invariant() : "not caught",
          Lines.number(exam.seeds()));
    }
    return text.toString();
  }

  private static Optional<String> findings(Path results) {
    return ResultFile.read(results.resolve("found.json"), ResultFile.Findings.class)
        .map(Page::findings);
  }

  private static String findings(ResultFile.Findings findings) {
    Lines text =
        new Lines(
            "Found and mended",
            "Defects found by all of this so far: %d, each mended."
                .formatted(findings.found().size()));
    text.head("where", "defect", "first seen in");
    for (ResultFile.Found found : findings.found()) {
      text.row(found.where(), found.defect(), found.seeds());
    }
    return text.toString();
  }
}
