package dev.coatcheck.chaos;

import dev.coatcheck.chaos.History.Line;
import dev.coatcheck.chaos.Outage.Span;
import dev.coatcheck.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Takes the database away under load: kills its primary and promotes the standby by hand, as often
 * as asked for. One server of jobs lives through it all.
 */
final class FailoverCampaign {

  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration QUIET = Duration.ofMinutes(2);

  /** Longer than anybody who writes is made to wait for a connection. */
  private static final Duration OUTAGE = Duration.ofSeconds(3);

  private final Path folder;
  private final List<String> settings;
  private final Duration longest;
  private final RandomGenerator random;
  private final List<Span> spans = new ArrayList<>();

  /**
   * What was done and found.
   *
   * @param lost acknowledged jobs that are gone
   * @param deaths how often it was not answered that the server lives
   * @param unready how often it was answered that the server is not ready
   * @param before what the server said of its durability before the first fault
   */
  record Outcome(
      int acknowledged,
      int jobs,
      int lines,
      List<Outage> outages,
      long lost,
      long deaths,
      long unready,
      String before,
      List<Violation> violations) {}

  private interface Step {
    void take(Pair pair) throws Exception;
  }

  /**
   * A campaign.
   *
   * @param settings of the database, like {@code name=value}
   * @param longest how long a primary may be missed before another is sent for
   */
  FailoverCampaign(Path folder, long seed, List<String> settings, Duration longest) {
    this.folder = folder;
    this.settings = settings;
    this.longest = longest;
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** The primary is killed and the standby promoted, so many times. */
  Outcome failOver(int times) throws Exception {
    return run(times, Pair::killPrimary, Pair::promote);
  }

  /** Both are killed at once, and the primary comes back with what it had written. */
  Outcome killAll() throws Exception {
    return run(1, Pair::killBoth, Pair::restart);
  }

  private Outcome run(int times, Step fault, Step remedy) throws Exception {
    Path logs = folder.resolve("history");
    try (Witness client = Witness.open(logs, Evidence.CLIENT);
        Witness runner = Witness.open(logs, Evidence.RUNNER);
        Witness provider = Witness.open(logs, Evidence.PROVIDER);
        Witness nemesis = Witness.open(logs, Evidence.NEMESIS);
        Witness store = Witness.open(logs, Evidence.STORE);
        Pair pair = Pair.create(folder.resolve("databases"), settings);
        ServerProcess server = ServerProcess.start(plan(pair))) {
      nemesis.say("plan", line -> line.put("lease_ms", LEASE.toMillis()));
      Api api = new Api(server.url(), PATIENCE);
      String before = api.get("/health/ready").body().path("durability").toString();
      boolean pull = OutsideRunner.define(api);
      int acknowledged;
      try (Load load = new Load(api, client, random.nextLong(), pull);
          Pulse pulse = new Pulse(api, client);
          OutsideRunner outside =
              new OutsideRunner(api, runner, new Provider(api, provider), random.nextLong())) {
        pulse.start();
        outside.start();
        load.start();
        for (int round = 1; round <= times; round++) {
          load.awaitMore(random.nextInt(20, 60));
          nemesis.say("refusing", line -> {});
          int refused = load.refused();
          int unready = pulse.unready();
          fault.take(pair);
          long killed = System.nanoTime();
          Thread.sleep(random.nextLong(OUTAGE.toMillis(), longest.toMillis()));
          // An answer may take five seconds, and is to be seen however short the outage.
          while (load.refused() == refused || pulse.unready() == unready) {
            Thread.sleep(20);
          }
          nemesis.say("mended", line -> {});
          remedy.take(pair);
          spans.add(new Span(killed, System.nanoTime()));
          load.awaitMore(10);
          if (round < times) {
            pair.rebuild();
          }
        }
        load.finish();
        load.ask(api);
        new Dump(api, store).quiet(QUIET);
        acknowledged = load.acknowledged();
      }
      int jobs = new Dump(api, store).write();
      server.terminate();
      return outcome(History.read(logs), acknowledged, jobs, before);
    }
  }

  private Outcome outcome(History history, int acknowledged, int jobs, String before) {
    List<Violation> found = Checker.check(history);
    List<Line> lives = history.all(Evidence.CLIENT, "live");
    return new Outcome(
        acknowledged,
        jobs,
        history.lines().size(),
        spans.stream().map(span -> Outage.of(span, history)).toList(),
        found.stream().filter(Acceptance::lost).count(),
        lives.stream().filter(line -> !line.ok()).count(),
        history.all(Evidence.CLIENT, "ready").stream()
            .filter(line -> line.number("http") == 503)
            .count(),
        before,
        found);
  }

  private ServerProcess.Plan plan(Pair pair) {
    return new ServerProcess.Plan(
        folder.resolve("data"),
        0,
        Map.of(
            "COATCHECK_STORE_URL", pair.url(), "COATCHECK_LEASE_DURATION", LEASE.toSeconds() + "s"),
        List.of());
  }
}
