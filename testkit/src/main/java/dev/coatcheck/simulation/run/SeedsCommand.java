package dev.coatcheck.simulation.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Runs many seeds, writes down what they came to, and goes on where it stopped. */
final class SeedsCommand {

  private static final int SLICE = 500;

  private final PrintStream out;
  private final InstantSource clock;

  SeedsCommand(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /** Returns whether all seeds were sound. */
  boolean run(long from, long count, int lanes, Path file) throws InterruptedException {
    Totals totals = new Totals();
    long next = from;
    Optional<ResultFile.Campaign> earlier = ResultFile.read(file, ResultFile.Campaign.class);
    if (earlier.isPresent() && earlier.get().from() == from) {
      totals.add(earlier.get());
      next = earlier.get().next();
      out.println("goes on at seed " + next);
    }
    long end = from + count;
    while (next < end) {
      long to = Math.min(end, next + SLICE);
      long begun = clock.millis();
      Lanes.run(next, to, lanes, totals::add);
      totals.took(clock.millis() - begun);
      next = to;
      ResultFile.write(file, totals.campaign(from, next, ResultFile.Origin.here()));
      out.printf(
          "seeds to %d: %d failed, %d events%n", next - 1, totals.failed().size(), totals.events());
    }
    for (Totals.Failed failed : totals.failed()) {
      out.println("seed " + failed.seed() + ": " + failed.what());
    }
    return totals.failed().isEmpty();
  }
}
