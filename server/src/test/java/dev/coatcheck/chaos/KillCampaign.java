package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Weather.Fault;
import dev.coatcheck.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Kills the server again and again under load, each time at another moment, starts it again at the
 * same port, and has everything checked at the end.
 */
final class KillCampaign {

  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration QUIET = Duration.ofMinutes(3);

  private final Path folder;
  private final int cycles;
  private final long seed;
  private final RandomGenerator random;

  /** What was done and found. */
  record Outcome(
      int cycles,
      int jobs,
      int acknowledged,
      int lines,
      Map<Fault, Integer> suffered,
      List<Violation> violations) {}

  KillCampaign(Path folder, int cycles, long seed) {
    this.folder = folder;
    this.cycles = cycles;
    this.seed = seed;
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  Outcome run() throws Exception {
    Path logs = folder.resolve("history");
    ServerProcess.Plan plan =
        new ServerProcess.Plan(
            folder.resolve("data"),
            0,
            Map.of("COATCHECK_LEASE_DURATION", LEASE.toSeconds() + "s"),
            List.of());
    try (Witness client = Witness.open(logs, Evidence.CLIENT);
        Witness runner = Witness.open(logs, Evidence.RUNNER);
        Witness provider = Witness.open(logs, Evidence.PROVIDER);
        Witness nemesis = Witness.open(logs, Evidence.NEMESIS);
        Witness store = Witness.open(logs, Evidence.STORE)) {
      nemesis.say("plan", line -> line.put("seed", seed).put("lease_ms", LEASE.toMillis()));
      ServerProcess server = ServerProcess.start(plan);
      plan = plan.onPort(server.port());
      Api fair = new Api(server.url(), Duration.ofSeconds(30));
      boolean pull = OutsideRunner.define(fair);
      int acknowledged;
      Map<Fault, Integer> suffered;
      try (ChaosProxy proxy = ChaosProxy.before(server.port(), random.nextLong(), weather());
          Load load = new Load(new Api(proxy.url(), PATIENCE), client, random.nextLong(), pull);
          OutsideRunner outside =
              new OutsideRunner(
                  new Api(proxy.url(), PATIENCE),
                  runner,
                  new Provider(new Api(proxy.url(), PATIENCE), provider),
                  random.nextLong())) {
        if (pull) {
          outside.start();
        }
        load.start();
        for (int cycle = 1; cycle <= cycles; cycle++) {
          busy(load, random.nextInt(5, 60));
          int number = cycle;
          server.kill();
          nemesis.say("kill", line -> line.put("cycle", number));
          server = ServerProcess.start(plan);
          nemesis.say("start", line -> line.put("cycle", number));
        }
        busy(load, 10);
        load.finish();
        proxy.weather(Weather.FAIR);
        load.ask(fair);
        new Dump(fair, store).quiet(QUIET);
        acknowledged = load.acknowledged();
        suffered = proxy.suffered();
      }
      int jobs = new Dump(fair, store).write();
      server.terminate();
      History history = History.read(logs);
      return new Outcome(
          cycles, jobs, acknowledged, history.lines().size(), suffered, Checker.check(history));
    }
  }

  /** Waits until so many more jobs are acknowledged, and a moment of no particular length. */
  private void busy(Load load, int more) throws InterruptedException {
    load.awaitMore(more);
    Thread.sleep(random.nextInt(100));
  }

  /** Mostly replies that are lost, and a little of everything else. */
  private static Weather weather() {
    return Weather.of(
        0.08,
        Fault.REPLY_LOST,
        Fault.REPLY_LOST,
        Fault.LATE,
        Fault.SPLIT,
        Fault.SLOW,
        Fault.RESET_REQUEST,
        Fault.RESET_REPLY,
        Fault.HALF_OPEN,
        Fault.DEAF_SERVER,
        Fault.DEAF_CLIENT);
  }
}
