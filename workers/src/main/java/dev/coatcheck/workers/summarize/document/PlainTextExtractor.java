package dev.coatcheck.workers.summarize.document;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads plain text. An empty line ends a paragraph, a line of dashes or the like too; the lines of
 * a paragraph are taken as wrapped by hand, unless they begin like list items or are all short, as
 * in a menu or a poem. A short line of its own without a full stop, with text after it, is a
 * heading.
 */
final class PlainTextExtractor {

  private static final Pattern BULLET =
      Pattern.compile("^\\s*(?:[-*+•‣▪●–—·]|\\d{1,3}[.)]|[a-zA-Z][)])\\s+");
  private static final int HEADING_LENGTH_MAX = 80;
  private static final int SHORT_LINE_MAX = 40;

  private final DocumentWriter writer = new DocumentWriter();

  Document extract(String clean) {
    Paragraphs paragraphs = new Paragraphs(clean);
    List<String> current = paragraphs.next();
    while (!current.isEmpty()) {
      List<String> following = paragraphs.next();
      write(current, following);
      current = following;
    }
    return writer.finish(writer.openingHeading(), Format.TEXT);
  }

  private void write(List<String> lines, List<String> following) {
    if (isHeading(lines, following)) {
      writer.add(Block.Kind.HEADING, lines.getFirst());
    } else if (BULLET.matcher(lines.getFirst()).find()) {
      writeItems(lines);
    } else if (lines.size() > 2 && lines.stream().allMatch(PlainTextExtractor::standsAlone)) {
      lines.forEach(line -> writer.add(Block.Kind.PARAGRAPH, line));
    } else {
      writer.add(Block.Kind.PARAGRAPH, join(lines));
    }
  }

  /** A line of a menu or a poem; wrapped prose goes on in lower case. */
  private static boolean standsAlone(String line) {
    return line.length() <= SHORT_LINE_MAX && !startsInLowerCase(line);
  }

  private void writeItems(List<String> lines) {
    int start = 0;
    for (int i = 1; i <= lines.size(); i++) {
      if (i == lines.size() || BULLET.matcher(lines.get(i)).find()) {
        String item = join(lines.subList(start, i));
        writer.add(Block.Kind.LIST_ITEM, BULLET.matcher(item).replaceFirst(""));
        start = i;
      }
    }
  }

  /** A heading has text below it; only the first of all may be followed by another. */
  private boolean isHeading(List<String> lines, List<String> following) {
    return !following.isEmpty()
        && isHeadingLike(lines)
        && (writer.isEmpty() || !isHeadingLike(following));
  }

  private static boolean isHeadingLike(List<String> lines) {
    String line = lines.getFirst().strip();
    return lines.size() == 1
        && line.length() <= HEADING_LENGTH_MAX
        && line.codePoints().anyMatch(Character::isLetter)
        && ".!?:;,…。！？".indexOf(line.charAt(line.length() - 1)) < 0
        && !BULLET.matcher(line).find();
  }

  /** A word divided at its own hyphen is closed up again; other line ends are spaces. */
  private static String join(List<String> lines) {
    StringBuilder joined = new StringBuilder();
    for (String line : lines) {
      if (!endsInHyphen(joined) || !startsInLowerCase(line)) {
        joined.append(' ');
      }
      joined.append(line.strip());
    }
    return joined.toString();
  }

  private static boolean endsInHyphen(StringBuilder text) {
    int length = text.length();
    return length > 1
        && text.charAt(length - 1) == '-'
        && Character.isLetter(text.charAt(length - 2));
  }

  private static boolean startsInLowerCase(String line) {
    String content = line.strip();
    return !content.isEmpty() && Character.isLowerCase(content.codePointAt(0));
  }
}
