package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Table;
import dev.coatcheck.cli.screen.Table.Cell;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.cli.screen.Widths;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** Workers for a person. */
public record WorkerText(Screen screen) {

  private static final int NAME = 14;

  public List<String> table(JsonNode workers) {
    Ink ink = screen.ink();
    Table table =
        new Table(ink, "NAME", "KIND", "QUEUED", "RUNNING", "P50", "P95", "SUCCESS", "DESCRIPTION");
    for (JsonNode worker : workers) {
      JsonNode stats = worker.path("stats");
      table.row(
          new Cell(text(worker, "name"), ink::bold),
          new Cell(kind(worker)),
          new Cell(text(stats, "queued")),
          new Cell(text(stats, "running")),
          new Cell(time(stats.path("duration_ms").path("p50"))),
          new Cell(time(stats.path("duration_ms").path("p95"))),
          new Cell(percent(stats.path("success_rate"))),
          new Cell(text(worker, "description"), ink::dim));
    }
    return table.lines(screen.width());
  }

  public List<String> card(JsonNode worker) {
    JsonNode stats = worker.path("stats");
    List<String> lines = new ArrayList<>();
    lines.add(screen.ink().bold(text(worker, "name")) + "  " + kind(worker));
    add(lines, "does", text(worker, "description"));
    add(lines, "version", text(worker, "version"));
    add(lines, "source", text(worker, "source"));
    add(lines, "concurrency", text(worker, "concurrency"));
    add(lines, "max attempts", text(worker, "max_attempts"));
    add(lines, "run timeout", limit(worker, "run_timeout"));
    add(lines, "deadline", limit(worker, "deadline"));
    add(lines, "now", now(stats));
    add(lines, "lately", lately(stats));
    addBlock(lines, "input schema", worker.path("input_schema"));
    addBlock(lines, "output schema", worker.path("output_schema"));
    return lines;
  }

  private static String now(JsonNode stats) {
    StringJoiner text = new StringJoiner(", ");
    for (String name :
        List.of("queued", "scheduled", "running", "suspended", "dead_letters", "runners")) {
      if (stats.path(name).isNumber()) {
        text.add(stats.path(name).asLong() + " " + name.replace('_', ' '));
      }
    }
    return text.toString();
  }

  private static String lately(JsonNode stats) {
    if (stats.path("finished").asLong(0) == 0) {
      return "";
    }
    JsonNode duration = stats.path("duration_ms");
    return stats.path("finished").asLong()
        + " finished, "
        + percent(stats.path("success_rate"))
        + " succeeded, half within "
        + time(duration.path("p50"))
        + ", 95 % within "
        + time(duration.path("p95"));
  }

  private static String kind(JsonNode worker) {
    return text(worker, "kind") + (worker.path("paused").asBoolean(false) ? " (paused)" : "");
  }

  /** As the definition writes it, else from the integer in milliseconds. */
  private static String limit(JsonNode worker, String name) {
    return worker.path(name).isString() ? text(worker, name) : time(worker.path(name + "_ms"));
  }

  private static String time(JsonNode millis) {
    return millis.isNumber() ? Times.duration(millis.asLong()) : "";
  }

  private static String percent(JsonNode rate) {
    return rate.isNumber() ? Math.round(100 * rate.asDouble()) + " %" : "";
  }

  private void add(List<String> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add("  " + screen.ink().dim(Widths.pad(name, NAME)) + value);
    }
  }

  private void addBlock(List<String> lines, String name, JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      lines.add("  " + screen.ink().dim(name));
      JsonText.readable(value).lines().forEach(line -> lines.add("    " + line));
    }
  }

  private static String text(JsonNode node, String name) {
    return Inert.line(node.path(name).asString(""));
  }
}
