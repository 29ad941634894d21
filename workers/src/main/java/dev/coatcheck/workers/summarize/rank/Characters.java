package dev.coatcheck.workers.summarize.rank;

import java.util.function.IntPredicate;

/** What a text is made of. */
final class Characters {

  private Characters() {}

  /** The share of the code points, spaces and combining marks aside, that pass {@code test}. */
  static double share(String text, IntPredicate test) {
    long all = text.codePoints().filter(Characters::counts).count();
    return (double) text.codePoints().filter(test).count() / Math.max(1, all);
  }

  private static boolean counts(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK ->
          false;
      default -> true;
    };
  }
}
