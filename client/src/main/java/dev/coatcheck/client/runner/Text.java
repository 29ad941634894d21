package dev.coatcheck.client.runner;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts of handlers fit for the protocol. One that the server must refuse would keep the
 * heartbeat that carries it from extending all other leases.
 */
final class Text {

  private Text() {}

  /** Half of a pair of surrogates cannot be sent; a question mark stands in for it. */
  static String clean(String text) {
    boolean suspect = text.chars().anyMatch(c -> Character.isSurrogate((char) c));
    return suspect
        ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        : text;
  }

  /** The beginning, if it is longer. */
  static String cut(String text, int most) {
    return clean(text.length() <= most ? text : text.substring(0, most - 1) + "…");
  }

  /** One line without control characters; null for nothing. */
  static @Nullable String line(@Nullable String text, int most) {
    if (text == null || text.isBlank()) {
      return null;
    }
    return cut(text.replaceAll("\\p{Cntrl}+", " ").strip(), most);
  }
}
