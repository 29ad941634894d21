package dev.coatcheck.cli.client;

import dev.coatcheck.cli.screen.Inert;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A refusal of the server, told to a person. */
final class Problem {

  private static final int SHOWN = 300;

  private Problem() {}

  static List<String> lines(Answer answer) {
    List<String> lines = new ArrayList<>();
    JsonNode problem = parse(answer);
    String title = problem.path("title").asString("");
    if (answer.status() == 410) {
      lines.add("This job is gone: it is past the time for which it was kept (410).");
    } else if (title.isEmpty()) {
      lines.add("The server answered " + answer.status() + ".");
      String text = Inert.line(answer.text(), SHOWN).strip();
      if (!text.isEmpty()) {
        lines.add("  " + text);
      }
    } else {
      String code = problem.path("code").asString("");
      lines.add(
          Inert.line(title)
              + " ("
              + answer.status()
              + (code.isEmpty() ? "" : " ")
              + Inert.line(code)
              + ")");
      addDetail(problem, title, lines);
    }
    answer.retryAfter().ifPresent(wait -> lines.add("  Try again in " + wait.toSeconds() + " s."));
    if (answer.status() == 401) {
      lines.add("  Set the environment variable COATCHECK_API_KEY to your API key.");
    }
    String requestId =
        problem.path("request_id").asString(answer.headers().firstValue("X-Request-Id").orElse(""));
    if (!requestId.isEmpty()) {
      lines.add("  request id " + Inert.line(requestId, 100));
    }
    return lines;
  }

  private static void addDetail(JsonNode problem, String title, List<String> lines) {
    String detail = problem.path("detail").asString("");
    if (!detail.isEmpty() && !detail.equals(title)) {
      lines.add("  " + Inert.line(detail));
    }
    Set<String> faults = new LinkedHashSet<>();
    for (JsonNode error : problem.path("errors")) {
      String pointer = error.path("pointer").asString("");
      faults.add(
          "  "
              + Inert.line(pointer.isEmpty() ? "(whole body)" : pointer)
              + ": "
              + Inert.line(error.path("detail").asString("")));
    }
    lines.addAll(faults);
  }

  private static JsonNode parse(Answer answer) {
    try {
      JsonNode node = Json.MAPPER.readTree(answer.body());
      return node.isObject() ? node : Json.MAPPER.createObjectNode();
    } catch (JacksonException e) {
      return Json.MAPPER.createObjectNode();
    }
  }
}
