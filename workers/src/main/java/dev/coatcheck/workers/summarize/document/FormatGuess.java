package dev.coatcheck.workers.summarize.document;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells Markdown from plain text by marks that people hardly type for another reason. Bullets,
 * quotes and indented lines prove nothing: plain text has them too, and reading it as Markdown
 * would turn its indented paragraphs into code.
 */
final class FormatGuess {

  private static final int LINES_MAX = 2_000;
  private static final int LINE_LENGTH_MAX = 500;
  private static final int ENOUGH = 2;

  private record Sign(Pattern pattern, int weight) {

    Sign(String pattern, int weight) {
      this(Pattern.compile(pattern), weight);
    }

    int weightIn(List<String> lines) {
      return lines.stream().anyMatch(line -> pattern.matcher(line).find()) ? weight : 0;
    }
  }

  private static final List<Sign> SIGNS =
      List.of(
          new Sign("^ {0,3}#{1,6} \\S", 2),
          new Sign("^ {0,3}(```|~~~)", 2),
          new Sign("^ {0,3}={3,}\\s*$", 1),
          new Sign("\\[[^\\]\\[]{1,200}\\]\\((https?:|/|\\.|#|<|mailto:)", 2),
          new Sign("^ {0,3}\\[[^\\]\\[]{1,200}\\]: \\S", 2),
          new Sign("^\\s*\\|?\\s*:?-{3,}:?\\s*\\|[\\s|:-]*$", 2),
          new Sign("\\*\\*[^*\\s][^*]{0,200}\\*\\*", 1),
          new Sign("(?<![\\w_])__[^_\\s][^_]{0,200}__(?![\\w_])", 1),
          new Sign("(?<![\\w`])`[^`]{1,200}`(?![\\w`])", 1));

  private FormatGuess() {}

  static Format of(String text) {
    List<String> lines = text.lines().limit(LINES_MAX).map(FormatGuess::head).toList();
    int evidence = SIGNS.stream().mapToInt(sign -> sign.weightIn(lines)).sum();
    return evidence >= ENOUGH || FrontMatter.of(text).isPresent() ? Format.MARKDOWN : Format.TEXT;
  }

  private static String head(String line) {
    return line.length() > LINE_LENGTH_MAX ? line.substring(0, LINE_LENGTH_MAX) : line;
  }
}
