package dev.coatcheck.workers.summarize.rank;

import java.util.regex.Pattern;

/** Words as they look when they stand alone. */
final class Spelling {

  private static final Pattern ELISION =
      Pattern.compile("(?i)^(?:[a-z]|qu|jusqu|lorsqu|puisqu|dell|nell|sull|all)['’](?=\\p{L})");
  private static final Pattern POSSESSIVE = Pattern.compile("['’]s?$");

  private Spelling() {}

  /** Without {@code l'} and the like in front and {@code 's} behind. */
  static String of(String words) {
    String bare = POSSESSIVE.matcher(ELISION.matcher(words).replaceFirst("")).replaceFirst("");
    return bare.isEmpty() ? words : bare;
  }

  /** With a small first letter, unless the word has other capitals, as {@code HTTP} has. */
  static String uncapitalized(String words) {
    int first = words.codePointAt(0);
    String rest = words.substring(Character.charCount(first));
    boolean shouts = !rest.isEmpty() && Character.isUpperCase(rest.codePointAt(0));
    return shouts ? words : Character.toString(Character.toLowerCase(first)) + rest;
  }
}
