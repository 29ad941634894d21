package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Simulation;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line of the simulation. */
public final class Main {

  private static final String USAGE =
      """
      usage: ./simulate seeds [--from N] [--count N] [--lanes N] [--out FILE]   run seeds, or go on with a file
             ./simulate show SEED                                              run one seed and print what happened
             ./simulate shrink SEED                                            make a failing seed small and print it
             ./simulate sabotage [--seeds N] [--out FILE]                      build defects in and see that they are caught
             ./simulate page [--results FOLDER] [--out FILE]                   write the reliability page
      """;

  private static final String RESULTS = "docs/reliability";

  private final PrintStream out;
  private final Map<String, String> options = new HashMap<>();

  private Main(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
    boolean well = new Main(out).run(List.of(args));
    out.flush();
    System.exit(well ? 0 : 1);
  }

  private boolean run(List<String> args) throws InterruptedException {
    if (args.isEmpty()) {
      out.print(USAGE);
      return false;
    }
    for (int i = 1; i + 1 < args.size(); i += 2) {
      options.put(args.get(i), args.get(i + 1));
    }
    return switch (args.getFirst()) {
      case "seeds" ->
          new SeedsCommand(out, InstantSource.system())
              .run(
                  number("--from", 1),
                  number("--count", 2_000),
                  (int) number("--lanes", Runtime.getRuntime().availableProcessors()),
                  file("--out", RESULTS + "/simulation.json"));
      case "show" -> show(outcome(args.get(1)));
      case "shrink" -> shrink(outcome(args.get(1)));
      case "sabotage" ->
          new SabotageCommand(out)
              .run((int) number("--seeds", 300), file("--out", RESULTS + "/sabotage.json"));
      case "page" -> {
        Page.write(file("--results", RESULTS), file("--out", "docs/internals/reliability.md"));
        yield true;
      }
      default -> {
        out.print(USAGE);
        yield false;
      }
    };
  }

  private static Simulation.Outcome outcome(String seed) throws InterruptedException {
    return Simulation.run(Plan.of(Long.parseLong(seed)));
  }

  private boolean show(Simulation.Outcome outcome) {
    outcome.history().forEach(out::println);
    outcome.failures().forEach(out::println);
    out.printf(
        "seed %d: %d events in %s, faults %s, hash %s%n",
        outcome.plan().seed(),
        outcome.events(),
        outcome.simulated(),
        outcome.injected(),
        outcome.hash());
    return outcome.sound();
  }

  private boolean shrink(Simulation.Outcome outcome) throws InterruptedException {
    if (outcome.sound()) {
      out.println("seed " + outcome.plan().seed() + " breaks nothing");
      return true;
    }
    out.print(Report.of(new Shrinker().shrink(outcome)));
    return false;
  }

  private long number(String option, long otherwise) {
    return Long.parseLong(options.getOrDefault(option, Long.toString(otherwise)));
  }

  private Path file(String option, String otherwise) {
    return Path.of(options.getOrDefault(option, otherwise));
  }
}
