package dev.coatcheck.store.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SQL statements by name, from files that lie beside a class: a line {@code -- name: some_name},
 * comments, the statement, a semicolon at its end.
 */
public final class Statements {

  private static final String NAME = "-- name: ";

  private final Map<String, String> statements = new HashMap<>();

  public Statements(Class<?> place, List<String> files) {
    for (String file : files) {
      String[] parts = resource(place, file).split("(?m)^" + NAME, -1);
      for (int i = 1; i < parts.length; i++) {
        int end = parts[i].indexOf('\n');
        String body = parts[i].substring(end).replaceAll("(?m)--.*$", "").strip();
        String name = parts[i].substring(0, end).strip();
        if (statements.put(name, body.substring(0, body.length() - 1)) != null) {
          throw new IllegalStateException("two statements are named " + name);
        }
      }
    }
  }

  /** Takes a statement out. */
  public String take(String name) {
    String text = statements.remove(name);
    if (text == null) {
      throw new IllegalStateException("no statement is named " + name);
    }
    return text;
  }

  /** Those that nobody took. */
  public Map<String, String> left() {
    return Map.copyOf(statements);
  }

  /** Reads a file that lies beside a class. */
  public static String resource(Class<?> place, String name) {
    try (InputStream in = place.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Splits a script; a semicolon ends a statement only at the end of a line. */
  public static List<String> script(String text) {
    String bare = text.replaceAll("--[^\\n]*", "");
    return List.of(bare.split(";\\s*(\\n|$)")).stream()
        .map(String::strip)
        .filter(sql -> !sql.isEmpty())
        .toList();
  }
}
