package dev.coatcheck.workers.summarize.document.pdf;

import java.util.Set;

/**
 * Counts the values in a content stream since the last operator, for PDFBox keeps so many at a time
 * and makes up to a hundred bytes of each byte pair such as {@code []}. A rough reading of ISO
 * 32000-2, 7.2 and 7.8.2: it need not understand what it reads, only see where operators are.
 */
final class OperandCount {

  private static final Set<String> VALUE_WORDS = Set.of("true", "false", "null");
  private static final String DELIMITERS = "()<>[]{}/%";
  private static final int WORD_LENGTH_MAX = 6;

  /** Within what the next byte is. */
  private enum Place {
    PLAIN,
    AFTER_LESS,
    AFTER_GREATER,
    STRING,
    HEX,
    COMMENT,
    /** The bytes of a picture within the stream, up to the word {@code EI}. */
    PICTURE
  }

  private final StringBuilder word = new StringBuilder();
  private Place place = Place.PLAIN;
  private int depth;
  private int parentheses;
  private boolean escaped;
  private int lastBytes;
  private int values;
  private int total;

  /** The number of values, after the next byte. */
  int after(int next) {
    int before = values;
    char character = (char) (next & 0xFF);
    switch (place) {
      case STRING -> inString(character);
      case HEX -> place = character == '>' ? Place.PLAIN : Place.HEX;
      case COMMENT -> place = character == '\n' || character == '\r' ? Place.PLAIN : place;
      case PICTURE -> inPicture(character);
      case AFTER_LESS -> afterLess(character);
      case AFTER_GREATER -> afterGreater(character);
      case PLAIN -> plain(character);
    }
    total += Math.max(0, values - before);
    return values;
  }

  /** The number of all values so far. */
  int total() {
    return total;
  }

  private void inString(char character) {
    if (escaped) {
      escaped = false;
    } else if (character == '\\') {
      escaped = true;
    } else if (character == '(') {
      parentheses++;
    } else if (character == ')') {
      parentheses--;
      place = parentheses == 0 ? Place.PLAIN : Place.STRING;
    }
  }

  private void inPicture(char character) {
    lastBytes = lastBytes << 8 | character;
    boolean end =
        (lastBytes >> 8 & 0xFFFF) == ('E' << 8 | 'I')
            && isSpace((char) (lastBytes >>> 24))
            && isSpace(character);
    place = end ? Place.PLAIN : Place.PICTURE;
  }

  private void afterLess(char character) {
    values++;
    if (character == '<') {
      depth++;
      place = Place.PLAIN;
    } else {
      place = character == '>' ? Place.PLAIN : Place.HEX;
    }
  }

  private void afterGreater(char character) {
    place = Place.PLAIN;
    if (character == '>') {
      close();
    } else {
      values++;
      plain(character);
    }
  }

  private void plain(char character) {
    if (!isSpace(character) && DELIMITERS.indexOf(character) < 0) {
      if (word.length() < WORD_LENGTH_MAX) {
        word.append(character);
      }
      return;
    }
    endWord();
    if (place == Place.PLAIN) {
      delimiter(character);
    }
  }

  private void delimiter(char character) {
    switch (character) {
      case '(' -> {
        values++;
        parentheses = 1;
        place = Place.STRING;
      }
      case '<' -> place = Place.AFTER_LESS;
      case '>' -> place = Place.AFTER_GREATER;
      case '[' -> {
        values++;
        depth++;
      }
      case ']' -> close();
      case '%' -> place = Place.COMMENT;
      case '/' -> word.append('/');
      default -> {
        // White space and braces part words, and that is all.
      }
    }
  }

  private void close() {
    values += depth == 0 ? 1 : 0;
    depth = Math.max(0, depth - 1);
  }

  private void endWord() {
    if (word.isEmpty()) {
      return;
    }
    String text = word.toString();
    word.setLength(0);
    char first = text.charAt(0);
    boolean operator =
        depth == 0
            && (Character.isLetter(first) || first == '\'' || first == '"')
            && !VALUE_WORDS.contains(text);
    values = operator ? 0 : values + 1;
    if (operator && text.equals("ID")) {
      place = Place.PICTURE;
      lastBytes = 0;
    }
  }

  private static boolean isSpace(char character) {
    return character == ' '
        || character == '\n'
        || character == '\r'
        || character == '\t'
        || character == '\f'
        || character == 0;
  }
}
