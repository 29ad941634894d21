package dev.coatcheck.server.body;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.config.Durations;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Suggestion;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.RawJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads the members of a JSON object. What is wrong is noted, and the value is null then, as it is
 * for a member that is missing or null.
 */
public final class Members {

  private static final Payload NOTHING = Payload.utf8("{}");
  private static final int MICROS = 6;

  private final JsonNode node;
  private final @Nullable Payload text;
  private final String pointer;
  private final Faults faults;

  private Members(JsonNode node, @Nullable Payload text, String pointer, Faults faults) {
    this.node = node;
    this.text = text;
    this.pointer = pointer;
    this.faults = faults;
  }

  /**
   * The members of a whole body; one without any if there is no body.
   *
   * @throws Problem if it is not JSON, or no object
   */
  public static Members of(byte[] bytes, Set<String> known, Faults faults) {
    return of(Body.parse(bytes.length == 0 ? NOTHING.bytes() : bytes), known, faults);
  }

  /**
   * The members of a body, whole or a part of another.
   *
   * @throws Problem if it is no object
   */
  public static Members of(Body body, Set<String> known, Faults faults) {
    if (!body.node().isObject()) {
      throw Problem.at(ProblemCode.INVALID_REQUEST, "", "the body must be an object");
    }
    return new Members(body.node(), body.text(), "", faults).only(known);
  }

  /** The members of an object, whatever they are called; none of a value that is no object. */
  public static Members of(JsonNode object, Faults faults) {
    return new Members(object, null, "", faults);
  }

  /** The same members, with what is wrong noted elsewhere. */
  public Members noting(Faults elsewhere) {
    return new Members(node, text, pointer, elsewhere);
  }

  private Members only(Set<String> known) {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        String hint = Suggestion.of(name, known).map(s -> ", did you mean " + s + "?").orElse("");
        faults.unknown(place(name), "is not known" + hint);
      }
    }
    return this;
  }

  /** Whether the member is there, be it null. */
  public boolean has(String name) {
    return node.has(name);
  }

  /** The value; null if it is missing or null. */
  public @Nullable JsonNode get(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** Notes a fault of a member. */
  public void fault(String name, String detail) {
    faults.add(place(name), detail);
  }

  /** Notes a fault of an item of an array. */
  public void fault(String name, int item, String detail) {
    faults.add(place(name) + "/" + item, detail);
  }

  /** Notes a fault of a member of an object. */
  public void fault(String name, String inner, String detail) {
    faults.add(place(name) + "/" + Json.escape(inner), detail);
  }

  private String place(String name) {
    return pointer + "/" + Json.escape(name);
  }

  /** Notes that the member is missing, if it is. */
  public Members require(String name) {
    if (get(name) == null) {
      fault(name, "is required");
    }
    return this;
  }

  /** The value, if it is of the type; null if it is missing or null, or not, which is noted. */
  private @Nullable JsonNode typed(String name, Predicate<JsonNode> type, String what) {
    JsonNode value = get(name);
    if (value != null && !type.test(value)) {
      fault(name, "must be " + what);
      return null;
    }
    return value;
  }

  /** A text of at most so many characters, of any kind. */
  public @Nullable String text(String name, int most) {
    JsonNode value = typed(name, JsonNode::isString, "a string");
    if (value == null) {
      return null;
    }
    if (value.stringValue().length() > most) {
      fault(name, "must have at most " + most + " characters");
      return null;
    }
    return value.stringValue();
  }

  /** A text of one line, not empty. */
  public @Nullable String line(String name, int most) {
    String value = text(name, Integer.MAX_VALUE);
    if (value == null) {
      return null;
    }
    if (value.isEmpty()
        || value.length() > most
        || value.chars().anyMatch(Character::isISOControl)) {
      fault(name, "must have 1 to " + most + " characters, none of them a control character");
      return null;
    }
    return value;
  }

  /** One of some words. */
  public @Nullable String word(String name, List<String> words) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isString() || !words.contains(value.stringValue())) {
      fault(name, "must be " + (words.size() == 1 ? "" : "one of ") + String.join(", ", words));
      return null;
    }
    return value.stringValue();
  }

  public @Nullable Boolean flag(String name) {
    JsonNode value = typed(name, JsonNode::isBoolean, "true or false");
    return value == null ? null : value.booleanValue();
  }

  public @Nullable Integer integer(String name, int least, int most) {
    Long value = whole(name, least, most);
    return value == null ? null : Math.toIntExact(value);
  }

  public @Nullable Long whole(String name, long least, long most) {
    JsonNode value = typed(name, JsonNode::isIntegralNumber, "an integer");
    if (value == null) {
      return null;
    }
    if (!value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
      fault(name, "must be from " + least + " to " + most);
      return null;
    }
    return value.longValue();
  }

  public @Nullable Double number(String name, double least, double most) {
    JsonNode value = typed(name, JsonNode::isNumber, "a number");
    if (value == null) {
      return null;
    }
    // Compared as written: a number may be too large for a double.
    BigDecimal number = value.decimalValue();
    if (number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(most)) > 0) {
      fault(name, "must be from " + plain(least) + " to " + plain(most));
      return null;
    }
    return number.doubleValue();
  }

  private static String plain(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }

  /** A decimal number in millionths. */
  public @Nullable Long micros(String name, long most) {
    JsonNode value = typed(name, JsonNode::isNumber, "a number");
    if (value == null) {
      return null;
    }
    BigDecimal micros = value.decimalValue().movePointRight(MICROS).stripTrailingZeros();
    if (micros.scale() > 0) {
      fault(name, "must have at most " + MICROS + " decimals");
      return null;
    }
    if (micros.signum() < 0 || micros.compareTo(BigDecimal.valueOf(most)) > 0) {
      fault(name, "must be from 0 to " + BigDecimal.valueOf(most, MICROS).toBigInteger());
      return null;
    }
    return micros.longValueExact();
  }

  /** A text of number and unit, from {@code least} to {@code most}. */
  public @Nullable Duration duration(String name, Duration least, Duration most) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    Optional<Duration> parsed =
        value.isString() ? Durations.parse(value.stringValue()) : Optional.empty();
    if (parsed.isEmpty()) {
      fault(name, "must be a string of " + Durations.FORM);
      return null;
    }
    Duration duration = parsed.get();
    if (duration.compareTo(least) < 0) {
      fault(name, "must be at least " + Durations.text(least));
      return null;
    }
    if (duration.compareTo(most) > 0) {
      fault(name, "must be at most " + Durations.text(most));
      return null;
    }
    return duration;
  }

  /**
   * The text of a member as it was written, without white space; empty if it is missing, or stands
   * in an array.
   */
  public Optional<Payload> raw(String name) {
    int place = List.copyOf(node.propertyNames()).indexOf(name);
    return text == null || place < 0
        ? Optional.empty()
        : Optional.of(RawJson.values(text).get(place));
  }

  /** The members of an object; of one without any if it is missing, null or no object. */
  public Members object(String name, Set<String> known) {
    JsonNode value = typed(name, JsonNode::isObject, "an object");
    if (value == null) {
      return new Members(JsonNodeFactory.instance.objectNode(), NOTHING, place(name), faults);
    }
    return new Members(value, raw(name).orElse(null), place(name), faults).only(known);
  }

  /** The items of an array of objects; none if it is missing or no array. */
  public List<Members> objects(String name, int most, Set<String> known) {
    List<Members> objects = new ArrayList<>();
    List<JsonNode> items = items(name, most);
    for (int i = 0; i < items.size(); i++) {
      String place = place(name) + "/" + i;
      if (items.get(i).isObject()) {
        objects.add(new Members(items.get(i), null, place, faults).only(known));
      } else {
        faults.add(place, "must be an object");
      }
    }
    return objects;
  }

  /**
   * The items of an array, whatever they are, each as a body of its own; none if it is missing or
   * no array, or stands in an array itself.
   */
  public List<Body> bodies(String name, int most) {
    List<JsonNode> items = items(name, most);
    List<Payload> texts =
        items.isEmpty() ? List.of() : raw(name).map(RawJson::items).orElse(List.of());
    List<Body> bodies = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      bodies.add(new Body(items.get(i), texts.get(i)));
    }
    return bodies;
  }

  /** The items of an array of strings; none if it is missing or no array. */
  public List<String> strings(String name, int most) {
    List<String> strings = new ArrayList<>();
    List<JsonNode> items = items(name, most);
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).isString()) {
        strings.add(items.get(i).stringValue());
      } else {
        fault(name, i, "must be a string");
      }
    }
    return strings;
  }

  private List<JsonNode> items(String name, int most) {
    JsonNode value = typed(name, JsonNode::isArray, "an array");
    if (value == null) {
      return List.of();
    }
    if (value.size() > most) {
      fault(name, "must have at most " + most + " items");
      return List.of();
    }
    return value.valueStream().toList();
  }
}
