package dev.coatcheck.server.pages.form;

import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.PrettyJson;
import dev.coatcheck.server.pages.form.Field.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Between the text of fields and JSON. A number keeps its text, and one that is none is judged by
 * the schema.
 */
final class Filling {

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private Filling() {}

  /** The value that a field's text stands for; empty if the field was left empty. */
  static Optional<String> json(Field field, Map<String, String> typed, List<Fault> faults) {
    if (field.kind() == Kind.GROUP) {
      return object(field.fields(), typed, faults);
    }
    String text = typed.getOrDefault(field.name(), "").replace("\r\n", "\n");
    if (text.equals(field.untouched())) {
      return Optional.empty();
    }
    return Optional.of(
        switch (field.kind()) {
          case LINE, TEXT, FILE, GROUP -> quote(text);
          case FLAG -> text.isEmpty() ? "false" : "true";
          case CHOICE -> field.choices().contains(text) ? text : quote(text);
          case INTEGER, NUMBER -> number(text.strip());
          case JSON -> checked(field, text, faults);
        });
  }

  private static String number(String text) {
    return text.length() <= Json.NUMBER_MAX && NUMBER.matcher(text).matches() ? text : quote(text);
  }

  private static String checked(Field field, String text, List<Fault> faults) {
    try {
      Form.parse(text);
      return text;
    } catch (InvalidJsonException invalid) {
      faults.add(new Fault(field.name(), "is not JSON: " + invalid.detail()));
      return "null";
    }
  }

  /** An object of the fields that were filled; empty if none was. */
  static Optional<String> object(
      List<Field> fields, Map<String, String> typed, List<Fault> faults) {
    StringJoiner members = new StringJoiner(",", "{", "}").setEmptyValue("");
    for (Field field : fields) {
      json(field, typed, faults)
          .ifPresent(value -> members.add(quote(field.label()) + ":" + value));
    }
    return Optional.of(members.toString()).filter(text -> !text.isEmpty());
  }

  /** An object of lines like {@code key=value}. */
  static Optional<String> pairs(String lines, List<Fault> faults) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String line : lines.split("\\R")) {
      int equals = line.indexOf('=');
      if (!line.isBlank() && equals < 1) {
        faults.add(new Fault("/metadata", "must have a key, = and a value on each line"));
      } else if (!line.isBlank()) {
        pairs.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    StringJoiner members = new StringJoiner(",", "{", "}");
    pairs.forEach((key, value) -> members.add(quote(key) + ":" + quote(value)));
    return pairs.isEmpty() ? Optional.empty() : Optional.of(members.toString());
  }

  /** Notes the text that would stand for what the input has at the field's place. */
  static void read(Field field, JsonNode input, String root, Map<String, String> typed) {
    if (!field.name().startsWith(root)) {
      return;
    }
    if (field.kind() == Kind.GROUP) {
      field.fields().forEach(inner -> read(inner, input, root, typed));
      return;
    }
    JsonNode value = input.at(field.name().substring(root.length()));
    if (!value.isMissingNode()) {
      typed.put(field.name(), text(field.kind(), value));
    }
  }

  /** Notes that the ticks that a form did not send are not set. */
  static void untick(Field field, Map<String, String> typed) {
    if (field.kind() == Kind.FLAG) {
      typed.putIfAbsent(field.name(), "");
    }
    field.fields().forEach(inner -> untick(inner, typed));
  }

  private static String text(Kind kind, JsonNode value) {
    return switch (kind) {
      case JSON -> PrettyJson.of(value.toString());
      case CHOICE -> value.toString();
      case FLAG -> value.asBoolean(false) ? "true" : "";
      case LINE, TEXT, FILE, INTEGER, NUMBER, GROUP ->
          value.isString() ? value.stringValue() : value.toString();
    };
  }

  static String quote(String text) {
    return JsonNodeFactory.instance.stringNode(text).toString();
  }
}
