package dev.coatcheck.server.pages.show;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A summary as an article.
 *
 * @param title empty if the document has none
 * @param paragraphs the sentences in their order, some together
 * @param facts what is known of the document, for a line below
 */
public record Article(
    String title,
    List<List<Sentence>> paragraphs,
    List<String> points,
    List<String> keywords,
    List<String> facts) {

  private static final int TOGETHER = 3;

  /**
   * A sentence and where it stands.
   *
   * @param mark the page, or its place in the document, short
   * @param place the same in words
   */
  public record Sentence(String text, String mark, String place) {}

  /** Whether an output has the members of a summary. */
  static boolean fits(JsonNode output) {
    return output.path("summary").isString()
        && output.path("sentences").isArray()
        && output.path("key_points").isArray();
  }

  static Article of(JsonNode output) {
    return new Article(
        output.path("title").asString(""),
        paragraphs(output),
        strings(output.path("key_points")),
        keywords(output.path("keywords")),
        facts(output));
  }

  private static List<List<Sentence>> paragraphs(JsonNode output) {
    List<List<Sentence>> paragraphs = new ArrayList<>();
    long lastPage = -1;
    for (JsonNode each : output.path("sentences")) {
      long page = each.path("page").asLong(0);
      if (paragraphs.isEmpty() || paragraphs.getLast().size() == TOGETHER || page != lastPage) {
        paragraphs.add(new ArrayList<>());
      }
      lastPage = page;
      paragraphs.getLast().add(sentence(each, page));
    }
    if (paragraphs.isEmpty()) {
      paragraphs.add(List.of(new Sentence(output.path("summary").asString(""), "", "")));
    }
    return paragraphs;
  }

  private static Sentence sentence(JsonNode node, long page) {
    String characters =
        "characters "
            + Figures.count(node.path("start").asLong(0))
            + " to "
            + Figures.count(node.path("end").asLong(0));
    String rank = "rank " + node.path("rank").asLong(0);
    return page > 0
        ? new Sentence(
            node.path("text").asString(""),
            "p. " + page,
            "Page " + page + ", " + characters + ", " + rank)
        : new Sentence(
            node.path("text").asString(""),
            Long.toString(node.path("index").asLong(0) + 1),
            "Sentence " + (node.path("index").asLong(0) + 1) + ", " + characters + ", " + rank);
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(each -> each.asString("")).toList();
  }

  private static List<String> keywords(JsonNode array) {
    return array
        .valueStream()
        .map(each -> each.isString() ? each.stringValue() : each.path("term").asString(""))
        .filter(term -> !term.isEmpty())
        .toList();
  }

  private static List<String> facts(JsonNode output) {
    List<String> facts = new ArrayList<>();
    add(facts, output.path("word_count"), " words");
    add(facts, output.path("sentence_count"), " sentences");
    add(facts, output.path("page_count"), " pages");
    text(facts, output.path("language"), "language ");
    text(facts, output.path("format"), "");
    JsonNode bytes = output.path("source").path("bytes");
    if (bytes.isIntegralNumber()) {
      facts.add(Figures.bytes(bytes.asLong(0)));
    }
    if (output.path("truncated").asBoolean(false)) {
      facts.add("cut short");
    }
    return facts;
  }

  private static void add(List<String> facts, JsonNode number, String unit) {
    if (number.isIntegralNumber()) {
      facts.add(Figures.count(number.asLong(0)) + unit);
    }
  }

  private static void text(List<String> facts, JsonNode text, String before) {
    if (text.isString()) {
      facts.add(before + Figures.cut(text.stringValue(), 40));
    }
  }
}
