package dev.coatcheck.simulation.run;

import java.nio.file.Path;
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
