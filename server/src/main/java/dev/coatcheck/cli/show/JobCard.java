package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Bar;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.cli.screen.Widths;
import dev.coatcheck.cli.watch.Phrase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** A job for a person: its ticket, all about it, how it ended. */
public record JobCard(Screen screen, Instant now, ZoneId zone) {

  private static final int NAME = 14;
  private static final int BLOCK_LINES = 12;

  public static JobCard of(Screen screen) {
    return new JobCard(screen, Instant.now(), ZoneId.systemDefault());
  }

  /** The id first, so that a script can take the first word. */
  public List<String> ticket(JsonNode job, boolean replayed) {
    String id = text(job, "id");
    List<String> lines = new ArrayList<>();
    lines.add(id + "  " + text(job, "worker") + "  " + status(job));
    if (job.path("existing").asBoolean(false)) {
      lines.add(ink().dim("  A job with this unique key was open already; this is it."));
    }
    if (replayed) {
      lines.add(ink().dim("  This idempotency key was used before; this is the same job."));
    }
    if (!job.path("done").asBoolean(false)) {
      lines.add(ink().dim("  watch it:   ./coatcheck watch " + id));
    } else {
      lines.add(ink().dim("  look at it: ./coatcheck get " + id));
    }
    return lines;
  }

  /** One line: how it ended, why, how long it took. */
  public String ending(JsonNode job) {
    String status = job.path("status").asString("");
    JsonNode took = job.path("duration_ms");
    String time = took.isNumber() ? " in " + Times.duration(took.asLong()) : "";
    String line = Phrase.paint(status, Phrase.status(status, ""), ink());
    return Phrase.sign(status, ink())
        + " "
        + line
        + time
        + "  "
        + ink().dim(text(job, "id"))
        + error(job);
  }

  /** The output alone, as text if it is one. */
  public List<String> output(JsonNode job) {
    JsonNode output = job.path("output");
    if (screen.live() && SummaryText.fits(output)) {
      List<String> lines = new ArrayList<>(List.of(""));
      lines.addAll(SummaryText.lines(output, text(job, "id"), screen.textWidth(), ink()));
      return lines;
    }
    return JsonText.readable(output).lines().toList();
  }

  /** Everything worth knowing. */
  public List<String> all(JsonNode job) {
    String status = job.path("status").asString("");
    List<String> lines = new ArrayList<>();
    lines.add(ink().bold(text(job, "id")) + "  " + Phrase.paint(status, status(job), ink()));
    add(lines, "worker", text(job, "worker"));
    addTime(lines, "created", job.path("created_at"));
    addTime(lines, "runs at", job.path("run_at"));
    addTime(lines, "next attempt", job.path("next_attempt_at"));
    addTime(lines, "started", job.path("started_at"));
    addTime(lines, "finished", job.path("finished_at"));
    if (job.path("duration_ms").isNumber()) {
      add(lines, "took", Times.duration(job.path("duration_ms").asLong()));
    }
    add(lines, "attempt", attempt(job));
    add(lines, "progress", progress(job.path("progress")));
    if (!job.path("done").asBoolean(false)) {
      add(lines, "in the queue", text(job, "queue_position"));
      addTime(lines, "expected", job.path("eta").path("finish_at"));
      addTime(lines, "deadline", job.path("deadline_at"));
    }
    add(lines, "error", error(job).strip());
    add(lines, "usage", usage(job.path("usage")));
    add(lines, "retry of", text(job, "retry_of"));
    add(lines, "retried by", text(job, "retried_by"));
    add(lines, "parent", Inert.line(job.path("parent").path("job").asString("")));
    add(lines, "metadata", metadata(job.path("metadata")));
    addBlock(lines, "input", job.path("input"));
    addBlock(lines, "output", job.path("output"));
    return lines;
  }

  private String status(JsonNode job) {
    return Phrase.status(job.path("status").asString(""), job.path("wait_reason").asString(""));
  }

  private static String attempt(JsonNode job) {
    int number = job.path("attempt").asInt(0);
    return number == 0 ? "" : number + " of " + job.path("max_attempts").asInt(0);
  }

  private static String progress(JsonNode progress) {
    StringJoiner text = new StringJoiner(" · ");
    if (progress.path("fraction").isNumber()) {
      text.add(Bar.percent(progress.path("fraction").asDouble()));
    }
    for (String part : List.of("stage", "message")) {
      if (!text(progress, part).isEmpty()) {
        text.add(text(progress, part));
      }
    }
    return text.toString();
  }

  private String error(JsonNode job) {
    JsonNode error = job.path("error");
    if (!error.isObject() || "canceled".equals(error.path("code").asString(""))) {
      return "";
    }
    return "\n  " + ink().red(text(error, "code")) + "  " + text(error, "message");
  }

  private static String usage(JsonNode usage) {
    StringJoiner text = new StringJoiner(" · ");
    if (usage.path("input_tokens").isNumber()) {
      text.add(String.format("%,d tokens in", usage.path("input_tokens").asLong()));
    }
    if (usage.path("output_tokens").isNumber()) {
      text.add(String.format("%,d tokens out", usage.path("output_tokens").asLong()));
    }
    if (usage.path("cost_usd").isNumber()) {
      text.add("$" + usage.path("cost_usd").decimalValue().toPlainString());
    }
    return text.toString();
  }

  private static String metadata(JsonNode metadata) {
    StringJoiner text = new StringJoiner(", ");
    metadata
        .properties()
        .forEach(e -> text.add(Inert.line(e.getKey() + "=" + e.getValue().asString(""))));
    return text.toString();
  }

  private void add(List<String> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add("  " + ink().dim(Widths.pad(name, NAME)) + value);
    }
  }

  private void addTime(List<String> lines, String name, JsonNode at) {
    if (at.isString()) {
      add(lines, name, time(at.asString()));
    }
  }

  private String time(String at) {
    try {
      return Times.instant(Instant.parse(at), now, zone);
    } catch (DateTimeParseException e) {
      return Inert.line(at);
    }
  }

  private void addBlock(List<String> lines, String name, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return;
    }
    lines.add("  " + ink().dim(name));
    List<String> block = JsonText.readable(value).lines().toList();
    block.stream()
        .limit(BLOCK_LINES)
        .forEach(line -> lines.add("    " + Widths.cut(line, Math.max(40, screen.width() - 5))));
    if (block.size() > BLOCK_LINES) {
      lines.add(ink().dim("    … " + (block.size() - BLOCK_LINES) + " more lines, see --json"));
    }
  }

  private Ink ink() {
    return screen.ink();
  }

  private static String text(JsonNode node, String name) {
    return Inert.line(node.path(name).asString(""));
  }
}
