package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.world.Plan;
import dev.coatcheck.simulation.world.Simulation;

/** Runs one seed and prints what happened. */
final class Show {

  private Show() {}

  public static void main(String[] args) throws InterruptedException {
    long from = Long.parseLong(args[0]);
    long to = args.length > 1 ? Long.parseLong(args[1]) : from;
    long events = 0;
    for (long seed = from; seed <= to; seed++) {
      Simulation.Outcome outcome = Simulation.run(Plan.of(seed));
      events += outcome.events();
      if (from == to) {
        outcome.history().forEach(System.out::println);
      }
      System.out.printf("%d %s %d events %s, %d commits, %d acks%n", seed, outcome.hash().substring(0, 8), outcome.events(), outcome.simulated(), outcome.commits(), outcome.acknowledged());
      System.out.println("   inj " + outcome.injected()); outcome.failures().forEach(f -> System.out.println("   " + f));
    }
    System.out.println(events);
  }
}
