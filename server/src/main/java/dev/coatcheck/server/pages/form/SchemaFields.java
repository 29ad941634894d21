package dev.coatcheck.server.pages.form;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.pages.form.Field.Kind;
import dev.coatcheck.server.pages.form.Field.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Makes fields from a JSON Schema. What it does not understand becomes a field of JSON. */
final class SchemaFields {

  /** The place of the input in a submission. */
  static final String INPUT = "/input";

  private static final int DEPTH_MAX = 2;
  private static final int LINE_MAX = 300;

  private SchemaFields() {}

  static JsonNode parse(@Nullable Payload schema) {
    if (schema == null) {
      return MissingNode.getInstance();
    }
    try {
      return Json.parse(schema.bytes());
    } catch (InvalidJsonException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }

  /** The fields of an input; a single one of JSON if it is not an object of known members. */
  static List<Field> of(JsonNode schema) {
    JsonNode properties = schema.path("properties");
    if (!properties.isObject() || properties.isEmpty()) {
      return List.of(Field.of(INPUT, Kind.JSON, "Any JSON.").required(true));
    }
    return members(schema, INPUT, 1);
  }

  /** Members of which exactly one is to be given; empty if there is no such rule. */
  static List<String> alternatives(JsonNode schema) {
    List<String> names = new ArrayList<>();
    for (JsonNode option : schema.path("oneOf")) {
      JsonNode required = option.path("required");
      if (required.size() != 1 || !required.get(0).isString()) {
        return List.of();
      }
      names.add(INPUT + "/" + Json.escape(required.get(0).stringValue()));
    }
    return names.size() > 1 && new HashSet<>(names).size() == names.size() ? names : List.of();
  }

  private static List<Field> members(JsonNode schema, String place, int depth) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asString()));
    List<Field> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      String name = place + "/" + Json.escape(member.getKey());
      fields.add(
          field(name, member.getValue(), depth).required(required.contains(member.getKey())));
    }
    return fields;
  }

  private static Field field(String name, JsonNode schema, int depth) {
    Kind kind = kind(schema, depth);
    Field field =
        Field.of(name, kind, schema.path("description").asString("")).limits(limits(schema));
    return switch (kind) {
      case GROUP -> field.fields(members(schema, name, depth + 1));
      case CHOICE -> field.choices(choices(schema));
      default -> field;
    };
  }

  private static Kind kind(JsonNode schema, int depth) {
    if (schema.path("enum").isArray() || schema.has("const")) {
      return Kind.CHOICE;
    }
    return switch (type(schema)) {
      case "string" -> string(schema);
      case "boolean" -> Kind.FLAG;
      case "integer" -> Kind.INTEGER;
      case "number" -> Kind.NUMBER;
      case "object" ->
          depth < DEPTH_MAX && !schema.path("properties").isEmpty() ? Kind.GROUP : Kind.JSON;
      default -> Kind.JSON;
    };
  }

  private static Kind string(JsonNode schema) {
    String format = schema.path("format").asString("");
    if (format.equals("file")) {
      return Kind.FILE;
    }
    boolean bounded = schema.has("pattern") || !format.isEmpty();
    boolean isLong = schema.path("maxLength").asLong(Long.MAX_VALUE) > LINE_MAX;
    return schema.has("contentMediaType") || (isLong && !bounded) ? Kind.TEXT : Kind.LINE;
  }

  /** The first type that is not null; empty if any will do. */
  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (!type.isArray()) {
      return type.asString(schema.has("properties") ? "object" : "");
    }
    return type.valueStream()
        .map(each -> each.asString(""))
        .filter(each -> !each.equals("null"))
        .findFirst()
        .orElse("");
  }

  private static List<String> choices(JsonNode schema) {
    if (schema.has("const")) {
      return List.of(schema.path("const").toString());
    }
    return schema.path("enum").valueStream().map(JsonNode::toString).toList();
  }

  private static Limits limits(JsonNode schema) {
    JsonNode example = schema.path("default");
    if (example.isMissingNode()) {
      example = schema.path("examples").path(0);
    }
    return new Limits(
        text(schema.path("minimum")),
        text(schema.path("maximum")),
        text(schema.path("maxLength")),
        text(example));
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() ? "" : node.isString() ? node.stringValue() : node.toString();
  }
}
