package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.check.History;
import dev.coatcheck.simulation.world.Simulation;
import java.util.List;

/**
 * A failing run in words: its seed, what broke, what was left out, and what happened until then.
 */
public final class Report {

  private static final int ENTRIES_MAX = 400;

  private Report() {}

  public static String of(Simulation.Outcome outcome) {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(outcome.plan().seed()).append('\n');
    outcome.failures().forEach(failure -> text.append("broken: ").append(failure).append('\n'));
    text.append("faults: ").append(outcome.injected()).append('\n');
    text.append("without: ").append(outcome.plan().without()).append('\n');
    text.append("dropped: ").append(outcome.plan().dropped()).append('\n');
    List<History.Entry> entries = outcome.history();
    int from = Math.max(0, entries.size() - ENTRIES_MAX);
    entries.subList(from, entries.size()).forEach(entry -> text.append(entry).append('\n'));
    return text.toString();
  }
}
