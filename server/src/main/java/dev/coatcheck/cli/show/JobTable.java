package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Bar;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Table;
import dev.coatcheck.cli.screen.Table.Cell;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.cli.watch.Phrase;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Many jobs, a line each. */
public record JobTable(Screen screen) {

  public List<String> lines(JsonNode jobs) {
    Ink ink = screen.ink();
    Instant now = Instant.now();
    Table table = new Table(ink, "ID", "WORKER", "STATUS", "ATTEMPT", "CREATED", "TOOK", "");
    for (JsonNode job : jobs) {
      String status = job.path("status").asString("");
      String words = Phrase.status(status, job.path("wait_reason").asString(""));
      JsonNode took = job.path("duration_ms");
      table.row(
          new Cell(Inert.line(job.path("id").asString(""))),
          new Cell(Inert.line(job.path("worker").asString(""), 30)),
          new Cell(words, text -> Phrase.paint(status, text, ink)),
          new Cell(job.path("attempt").asInt(0) + "/" + job.path("max_attempts").asInt(0)),
          new Cell(ago(job.path("created_at").asString(""), now)),
          new Cell(took.isNumber() ? Times.duration(took.asLong()) : ""),
          new Cell(detail(job), ink::dim));
    }
    return table.lines(screen.width());
  }

  private static String detail(JsonNode job) {
    JsonNode error = job.path("error");
    if (error.isObject()) {
      return Inert.line(
          error.path("code").asString("") + ": " + error.path("message").asString(""));
    }
    JsonNode fraction = job.path("progress").path("fraction");
    boolean open = !job.path("done").asBoolean(false);
    return open && fraction.isNumber() ? Bar.percent(fraction.asDouble()) : "";
  }

  private static String ago(String at, Instant now) {
    try {
      return Times.distance(Instant.parse(at), now);
    } catch (DateTimeParseException e) {
      return Inert.line(at);
    }
  }
}
