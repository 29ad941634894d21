package dev.coatcheck.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a URL, each at most once; the routes name those they know. */
public final class Query {

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /** Reads the part after the question mark. */
  public static Query parse(@Nullable String text) {
    Map<String, String> values = new LinkedHashMap<>();
    if (text == null || text.isEmpty()) {
      return new Query(values);
    }
    for (String pair : text.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (values.putIfAbsent(name, value) != null) {
        throw Problem.at(ProblemCode.INVALID_REQUEST, "?" + name, "given more than once");
      }
    }
    return new Query(values);
  }

  public static Query of(Map<String, String> values) {
    return new Query(new LinkedHashMap<>(values));
  }

  /** The same without parameters that have no value, as forms send them for empty fields. */
  public Query filled() {
    Map<String, String> filled = new LinkedHashMap<>(values);
    filled.values().removeIf(String::isBlank);
    return new Query(filled);
  }

  /** Refuses parameters that are none of these and do not start with the prefix. */
  public Query only(Set<String> known, @Nullable String prefix) {
    List<Problem.Fault> faults = new ArrayList<>();
    for (String name : values.keySet()) {
      if (!known.contains(name) && (prefix == null || !name.startsWith(prefix))) {
        String hint = Suggestion.of(name, known).map(s -> ", did you mean " + s + "?").orElse("");
        faults.add(new Problem.Fault("?" + name, "not a parameter of this route" + hint));
      }
    }
    if (!faults.isEmpty()) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, faults);
    }
    return this;
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public Map<String, String> all() {
    return values;
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text.replace('+', ' ');
    }
    byte[] in = text.replace('+', ' ').getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out.put(in[i]);
        continue;
      }
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw malformed();
      }
      out.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    } catch (CharacterCodingException notUtf8) {
      throw malformed();
    }
  }

  private static Problem malformed() {
    return Problem.of(ProblemCode.INVALID_REQUEST, "The query string is not well encoded.");
  }
}
