package dev.coatcheck.simulation.run;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The parts of the reliability page that tell of real processes, files and parsers. */
final class RealFaults {

  private RealFaults() {}

  static Optional<String> kills(Path results) {
    return read(results, "kill")
        .map(run ->
            new Lines(
                    "Kill -9",
                    """
                    The real server with its SQLite file, killed at a random moment under load and started again, behind a proxy that loses,
                    cuts and delays what clients and a runner say. `proof/chaos kill` goes on where it stopped.
                    """)
                .head("what", "how much")
                .row("kills survived", count(run, "cycles"))
                .row("acknowledged submissions checked", count(run, "acknowledged"))
                .row("jobs in the store at the ends", count(run, "jobs"))
                .row("lines of witnesses checked", count(run, "lines_of_witnesses"))
                .row("connections with a fault", count(run, "connections_with_a_fault"))
                .row("promises broken", count(run, "broken_promises"))
                .row("commit of the last batch, machine, date", origin(run))
                .toString());
  }

  static Optional<String> cluster(Path results) {
    return read(results, "cluster")
        .map(run ->
            new Lines(
                    "Several nodes on PostgreSQL",
                    """
                    Three servers on one PostgreSQL under load. One after the other is killed with SIGKILL and started again, at most one in ten
                    seconds; the connections are cut that hear of other nodes, again and again; once the database ends without farewell
                    (`proof/chaos cluster`). Afterwards each acknowledged job has ended once, none is in two places, and the counters are right.
                    """)
                .head("what", "how much")
                .row("acknowledged submissions checked", count(run, "acknowledged"))
                .row("servers killed", count(run, "kills"))
                .row("of these, while they still started", count(run, "killed_while_starting"))
                .row("listeners cut off", count(run, "listener_storms"))
                .row("immediate restarts of the database", count(run, "database_restarts"))
                .row("calls cut off and repeated", count(run, "calls_cut_off"))
                .row("calls answered 503 or 429 and repeated", count(run, "calls_refused"))
                .row(
                    "attempts lost with their server and repeated",
                    count(run, "attempts_lost_and_repeated"))
                .row("jobs given up, lost too often", count(run, "jobs_lost_too_often"))
                .row("promises broken", count(run, "broken_promises"))
                .row("seconds", count(run, "seconds"))
                .row("commit, machine, date", origin(run))
                .toString());
  }

  static Optional<String> worlds(Path results) {
    return read(results, "worlds")
        .map(run ->
            new Lines(
                    "Simulation on PostgreSQL",
                    """
                    The same worlds, faults and checks on the store for PostgreSQL and a real database in place of the store in memory
                    (`proof/chaos worlds`). The time is the world's; what the store does on threads of its own in real time, as its
                    heartbeat, is kept out.
                    """)
                .head("what", "how much")
                .row("seeds", count(run, "seeds"))
                .row("seeds that broke an invariant", 0)
                .row("events (a task was picked to go on)", count(run, "events"))
                .row("simulated time", Lines.days(count(run, "simulated_ms")))
                .row("real time", Lines.hours(count(run, "real_ms")))
                .row("changes of the store checked", count(run, "changes"))
                .row("acknowledged submissions checked", count(run, "acknowledged"))
                .row("commit, machine, date", origin(run))
                .toString());
  }

  static Optional<String> freezes(Path results) {
    return read(results, "freeze")
        .map(run ->
            new Lines(
                    "A PostgreSQL that stands still",
                    """
                    All processes of the database are stopped for ten seconds under two servers with a lease of four, and go on as if nothing
                    had been (`proof/chaos freeze`). Meanwhile every submission is answered 503 and both servers tell that they are not ready;
                    afterwards they go on by themselves, each acknowledged job has ended once, and none is in two places.
                    """)
                .head("what", "how much")
                .row("times", count(run, "freezes"))
                .row("acknowledged submissions checked", count(run, "acknowledged"))
                .row("calls answered 503 meanwhile", count(run, "calls_refused"))
                .row("slowest of these answers", seconds(run, "slowest_ms"))
                .row("until both servers took jobs again, at most", seconds(run, "back_ms"))
                .row("attempts lost and repeated", count(run, "attempts_lost_and_repeated"))
                .row("jobs given up, lost too often", count(run, "jobs_lost_too_often"))
                .row("promises broken", count(run, "broken_promises"))
                .row("commit, machine, date", origin(run))
                .toString());
  }

  static Optional<String> failovers(Path results) {
    return read(results, "failover").map(RealFaults::failovers);
  }

  private static String failovers(JsonNode run) {
    Lines text =
        new Lines(
            "Failover of PostgreSQL",
            """
            A primary and its synchronous standby, made by hand, under one server that knows both. The primary is killed with all its
            processes under load, the standby promoted three to fifteen seconds later, and the other made its standby anew
            (`proof/chaos failover`). What clients and a runner saw is checked as a whole.
            """);
    text.head("what", "how much")
        .row("failovers", count(run, "failovers"))
        .row("acknowledged submissions checked", count(run, "acknowledged"))
        .row("acknowledged jobs lost", count(run, "lost"))
        .row("lines of witnesses checked", count(run, "lines_of_witnesses"))
        .row("promises broken", count(run, "broken_promises"));
    JsonNode sabotage = run.path("sabotage");
    if (!sabotage.isMissingNode()) {
      text.row(
          "sabotage M2: `synchronous_commit = off`, written late, both killed",
          "caught by I1: %s of %s acknowledged jobs were gone"
              .formatted(
                  Lines.number(count(sabotage, "lost")),
                  Lines.number(count(sabotage, "acknowledged"))));
    }
    text.row("commit, machine, date", origin(run))
        .blank()
        .head(
            "failover",
            "without a primary",
            "from the kill to the next 202",
            "from a writable primary to the next 202",
            "answered 503",
            "not answered",
            "slowest answer");
    int number = 0;
    for (JsonNode outage : run.path("outages")) {
      text.row(
          Lines.number(++number),
          seconds(outage, "without_primary_ms"),
          seconds(outage, "gap_ms"),
          seconds(outage, "found_ms"),
          Lines.number(count(outage, "refused")),
          Lines.number(count(outage, "unanswered")),
          seconds(outage, "slowest_ms"));
    }
    return text.toString();
  }

  private static String seconds(JsonNode run, String member) {
    return String.format(Locale.ROOT, "%.2f s", count(run, member) / 1_000.0);
  }

  static Optional<String> tornLogs(Path results) {
    return read(results, "torn")
        .map(run ->
            new Lines(
                    "Torn logs",
                    """
                    The log of the SQLite file damaged from a random byte to its end, as by a power cut that loses what was not synced. Every
                    commit before the damage must be there after the next start, none that reaches into it (`proof/chaos torn`).
                    """)
                .head("what", "how much")
                .row("logs with their end cut off", count(run, "cut"))
                .row("logs with garbage at their end", count(run, "garbage"))
                .row("logs with zeros at their end", count(run, "zeros"))
                .row("acknowledged submissions checked", count(run, "acknowledged"))
                .row("commit, machine, date", origin(run))
                .toString());
  }

  static Optional<String> fuzzing(Path results) {
    return read(results, "fuzz").map(RealFaults::fuzzing);
  }

  private static String fuzzing(JsonNode run) {
    Lines text =
        new Lines(
            "Fuzzing",
            """
            Jazzer on every parser that faces callers, guided by coverage, from a corpus that is kept (`proof/chaos fuzz`). A target
            checks that input is taken or refused as documented, besides that nothing unexpected is thrown.
            """);
    text.head("target", "executions");
    for (Map.Entry<String, JsonNode> member : run.properties()) {
      if (member.getKey().contains(".")) {
        text.row(
            member.getKey().substring(member.getKey().lastIndexOf('.') + 1),
            member.getValue().asLong());
      }
    }
    return text.row(
            "all, in " + Lines.number(count(run, "seconds")) + " s", count(run, "executions"))
        .row("commit, machine, date", origin(run))
        .toString();
  }

  private static Optional<JsonNode> read(Path results, String campaign) {
    return ResultFile.read(results.resolve(campaign + ".json"), JsonNode.class);
  }

  private static long count(JsonNode run, String member) {
    return run.path(member).asLong(0);
  }

  private static String origin(JsonNode run) {
    return String.join(
        ", ",
        run.path("commit").asString(""),
        run.path("machine").asString(""),
        run.path("date").asString(""));
  }
}
