package dev.coatcheck.workers.summarize.document.pdf;

/**
 * A line of a page, clean.
 *
 * @param page number of its page, from 1
 * @param x where it starts, in points from the left edge
 * @param right where it ends
 * @param y its base line, in points from the top edge
 * @param size of its letters, in points
 * @param bold whether most of it is
 * @param text what it says, not empty
 */
record Line(int page, float x, float right, float y, float size, boolean bold, String text) {

  boolean startsInLowerCase() {
    return Character.isLowerCase(text.codePointAt(0));
  }

  /** Whether a sentence may end here: with a stop, whatever closes behind it. */
  boolean endsSentence() {
    int last = text.length() - 1;
    while (last > 0 && "\"'”’»)]".indexOf(text.charAt(last)) >= 0) {
      last--;
    }
    return ".!?…:".indexOf(text.charAt(last)) >= 0;
  }

  boolean hasSizeOf(Line other) {
    return Math.abs(size - other.size) < 0.06f * Math.max(size, other.size);
  }
}
