package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Table;
import dev.coatcheck.cli.screen.Table.Cell;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.cli.screen.Widths;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Schedules for a person. */
public record ScheduleText(Screen screen) {

  private static final int NAME = 14;

  public List<String> table(JsonNode schedules) {
    Ink ink = screen.ink();
    Instant now = Instant.now();
    Table table = new Table(ink, "NAME", "WORKER", "WHEN", "NEXT", "LAST", "JOB");
    for (JsonNode schedule : schedules) {
      table.row(
          new Cell(text(schedule, "name"), ink::bold),
          new Cell(text(schedule, "worker")),
          new Cell(when(schedule)),
          new Cell(next(schedule, now)),
          new Cell(distance(schedule.path("last").path("nominal_at"), now)),
          new Cell(last(schedule.path("last")), ink::dim));
    }
    return table.lines(screen.width());
  }

  public List<String> card(JsonNode schedule) {
    Instant now = Instant.now();
    JsonNode last = schedule.path("last");
    List<String> lines = new ArrayList<>();
    lines.add(screen.ink().bold(text(schedule, "name")) + "  " + text(schedule, "worker"));
    add(lines, "when", when(schedule));
    add(lines, "next", next(schedule, now));
    add(lines, "next at", text(schedule, "next_run_at"));
    add(lines, "last at", text(last, "nominal_at"));
    add(lines, "last job", last(last));
    add(lines, "catch up", text(schedule, "catch_up"));
    add(lines, "overlap", text(schedule, "overlap"));
    return lines;
  }

  private static String when(JsonNode schedule) {
    String every = text(schedule, "every");
    return every.isEmpty()
        ? text(schedule, "cron") + " " + text(schedule, "timezone")
        : "every " + every;
  }

  private static String next(JsonNode schedule, Instant now) {
    return schedule.path("paused").asBoolean(false)
        ? "paused"
        : distance(schedule.path("next_run_at"), now);
  }

  /** The job of the last instant, or why it got none. */
  private static String last(JsonNode last) {
    String job = text(last, "job_id");
    return job.isEmpty() ? text(last, "passed_over").replace('_', ' ') : job;
  }

  private static String distance(JsonNode at, Instant now) {
    String text = Inert.line(at.asString(""));
    try {
      return text.isEmpty() ? "" : Times.distance(Instant.parse(text), now);
    } catch (DateTimeParseException e) {
      return text;
    }
  }

  private void add(List<String> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add("  " + screen.ink().dim(Widths.pad(name, NAME)) + value);
    }
  }

  private static String text(JsonNode node, String name) {
    return Inert.line(node.path(name).asString(""));
  }
}
