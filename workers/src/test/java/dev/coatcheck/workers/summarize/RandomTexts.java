package dev.coatcheck.workers.summarize;

import java.util.List;
import java.util.SplittableRandom;

/** Texts made from a seed: prose and markup, good and broken, in many scripts. */
final class RandomTexts {

  private static final List<String> WORDS =
      List.of(
          "the",
          "a",
          "keeper",
          "lease",
          "ticket",
          "Dr.",
          "e.g.",
          "No.",
          "J.",
          "U.S.",
          "3.5",
          "1990.",
          "etc.",
          "Straße",
          "naïve",
          "l'été",
          "¿qué",
          "Корабль",
          "مرحبا",
          "我来了",
          "स्थिति",
          "\uD83D\uDE00",
          "\uD83D\uDC68\u200D\uD83D\uDC67",
          "cafe\u0301",
          "\uD800",
          "\u200B",
          "\u0000",
          "x\u0301\u0316",
          "don’t",
          "https://example.com/a?b=c",
          "HTTP",
          "THIS",
          "However,",
          "and");
  private static final List<String> ENDS =
      List.of(".", "!", "?", "…", "...", ".\"", ".”", " »", ".)", "。", ":", "", "?!", ".[3]");
  private static final List<String> GAPS =
      List.of(" ", " ", " ", " ", "  ", "\n", "\t", "\u00a0", "\r\n");
  private static final List<String> MARKUP =
      List.of(
          "**", "*", "_", "`", "[", "](x)", "![", "~~", "<b>", "<!--", "-->", "|", "\\", "&amp;",
          "&#0;", "\"", "“", "„", "«", "(");
  private static final List<String> LINES =
      List.of(
          "\n\n",
          "\n\n",
          "\n\n# ",
          "\n\n- ",
          "\n1. ",
          "\n> ",
          "\n```\n",
          "\n---\n",
          "\n\n    ",
          "\n===\n",
          "\n|a|b|\n|-|-|\n|",
          "\u2029");

  private final SplittableRandom random;

  RandomTexts(long seed) {
    this.random = new SplittableRandom(seed);
  }

  String next() {
    StringBuilder text = new StringBuilder();
    boolean markup = random.nextBoolean();
    for (int sentence = random.nextInt(40); sentence >= 0; sentence--) {
      for (int word = random.nextInt(12); word >= 0; word--) {
        text.append(markup && random.nextInt(12) == 0 ? pick(MARKUP) : "")
            .append(pick(WORDS))
            .append(pick(GAPS));
      }
      text.append(pick(ENDS)).append(random.nextInt(4) == 0 ? pick(LINES) : " ");
    }
    return text.toString();
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
