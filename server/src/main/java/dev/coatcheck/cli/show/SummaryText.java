package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Widths;
import dev.coatcheck.cli.screen.Wrap;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The output of the worker {@code summarize} as a page that a person wants to read. */
public final class SummaryText {

  private static final int KEYWORDS = 8;

  private SummaryText() {}

  public static boolean fits(JsonNode output) {
    return output.path("summary").isString() && output.path("keywords").isArray();
  }

  /** Title, summary, keywords; {@code name} stands in for a missing title. */
  public static List<String> lines(JsonNode output, String name, int width, Ink ink) {
    String title = Inert.line(output.path("title").asString(""));
    String heading = Widths.cut(title.isBlank() ? Inert.line(name) : title, width);
    List<String> lines = new ArrayList<>();
    lines.add(ink.bold(heading));
    lines.add(ink.dim("─".repeat(Math.max(1, Widths.of(heading)))));
    lines.addAll(Wrap.lines(Inert.line(output.path("summary").asString("")), width));
    lines.add("");
    addKeywords(output, width, ink, lines);
    lines.add(ink.dim(figures(output)));
    return lines;
  }

  private static void addKeywords(JsonNode output, int width, Ink ink, List<String> lines) {
    List<String> words = new ArrayList<>();
    for (JsonNode keyword : output.path("keywords")) {
      words.add(Inert.line(keyword.path("term").asString("")));
    }
    String joined = String.join(" · ", words.subList(0, Math.min(KEYWORDS, words.size())));
    if (!joined.isBlank()) {
      Wrap.lines(joined, width).forEach(line -> lines.add(ink.cyan(line)));
    }
  }

  private static String pages(JsonNode output) {
    int pages = output.path("page_count").asInt(0);
    return pages == 0 ? "" : pages == 1 ? ", 1 page" : String.format(", %,d pages", pages);
  }

  private static String figures(JsonNode output) {
    int shown = output.path("sentences").size();
    int all = output.path("sentence_count").asInt(0);
    String language = Inert.line(output.path("language").asString(""));
    return (shown > 0 ? shown + " of " : "")
        + String.format("%,d", all)
        + " sentences, "
        + String.format("%,d", output.path("word_count").asInt(0))
        + " words"
        + pages(output)
        + (language.isEmpty() ? "" : ", language " + language);
  }
}
