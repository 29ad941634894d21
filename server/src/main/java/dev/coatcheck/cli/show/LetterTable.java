package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Table;
import dev.coatcheck.cli.screen.Table.Cell;
import dev.coatcheck.cli.screen.Times;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Dead letters and groups of them, a line each. */
public record LetterTable(Screen screen) {

  private static final int NAME = 30;

  public List<String> letters(JsonNode letters) {
    Ink ink = screen.ink();
    Table table = new Table(ink, "ID", "WORKER", "CODE", "ATTEMPTS", "FAILED", "");
    for (JsonNode letter : letters) {
      table.row(
          text(letter, "job_id"),
          text(letter, "worker"),
          text(letter, "code"),
          new Cell(Integer.toString(letter.path("attempts").asInt(0))),
          new Cell(ago(letter.path("failed_at").asString(""))),
          new Cell(Inert.line(letter.path("message").asString("")), ink::dim));
    }
    return table.lines(screen.width());
  }

  public List<String> groups(JsonNode groups) {
    Ink ink = screen.ink();
    Table table = new Table(ink, "JOBS", "WORKER", "CODE", "FINGERPRINT", "LAST", "");
    for (JsonNode group : groups) {
      table.row(
          new Cell(Long.toString(group.path("count").asLong(0))),
          text(group, "worker"),
          text(group, "code"),
          text(group, "fingerprint"),
          new Cell(ago(group.path("last_at").asString(""))),
          new Cell(Inert.line(group.path("message").asString("")), ink::dim));
    }
    return table.lines(screen.width());
  }

  private static Cell text(JsonNode node, String name) {
    return new Cell(Inert.line(node.path(name).asString(""), NAME + 1));
  }

  private static String ago(String at) {
    try {
      return Times.distance(Instant.parse(at), Instant.now());
    } catch (DateTimeParseException e) {
      return Inert.line(at);
    }
  }
}
