package dev.coatcheck.server.http;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What forms of an answer a request accepts (RFC 9110, 12.5.1). */
public final class Accept {

  private Accept() {}

  /** Whether the header, null if absent, lets an answer be of this type. */
  public static boolean allows(@Nullable String header, String type) {
    if (header == null || header.isBlank()) {
      return true;
    }
    int most = -1;
    boolean allowed = false;
    for (String range : header.split(",", -1)) {
      List<String> parts =
          Stream.of(range.toLowerCase(Locale.ROOT).split(";", -1)).map(String::strip).toList();
      int specific = match(parts.getFirst(), type);
      if (specific > most) {
        most = specific;
        allowed = parts.stream().noneMatch(part -> part.matches("q\\s*=\\s*0(\\.0*)?"));
      }
    }
    return allowed;
  }

  /** Whether the header names this type itself. */
  public static boolean names(@Nullable String header, String type) {
    return header != null && header.toLowerCase(Locale.ROOT).contains(type) && allows(header, type);
  }

  private static int match(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals("*/*")) {
      return 0;
    }
    String family = type.substring(0, type.indexOf('/') + 1);
    return range.equals(family + "*") ? 1 : -1;
  }
}
