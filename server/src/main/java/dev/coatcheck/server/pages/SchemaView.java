package dev.coatcheck.server.pages;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.pages.show.Figures;
import dev.coatcheck.worker.WorkerSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a worker takes and gives, as tables. */
public record SchemaView(List<Row> input, List<Row> output) {

  /**
   * A member.
   *
   * @param name with those around it, like {@code source.bytes}
   * @param type its type and bounds in words
   */
  public record Row(String name, String type, boolean required, String description) {}

  private static final int DEPTH_MAX = 3;

  static SchemaView of(WorkerSpec worker) {
    return new SchemaView(rows(worker.inputSchema()), rows(worker.outputSchema()));
  }

  private static List<Row> rows(@Nullable Payload schema) {
    List<Row> rows = new ArrayList<>();
    if (schema != null) {
      try {
        add(Json.parse(schema.bytes()), "", 1, rows);
      } catch (InvalidJsonException impossible) {
        throw new IllegalArgumentException(impossible);
      }
    }
    return rows;
  }

  private static void add(JsonNode schema, String before, int depth, List<Row> rows) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asString("")));
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      JsonNode value = member.getValue();
      String name = before + member.getKey();
      String description = value.path("description").asString("");
      rows.add(new Row(name, type(value), required.contains(member.getKey()), description));
      if (depth < DEPTH_MAX) {
        add(value, name + ".", depth + 1, rows);
        add(value.path("items"), name + "[].", depth + 1, rows);
      }
    }
  }

  private static String type(JsonNode schema) {
    StringJoiner words = new StringJoiner(", ");
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      words.add(String.join(" or ", type.valueStream().map(each -> each.asString("")).toList()));
    } else if (type.isString()) {
      words.add(type.stringValue());
    } else if (schema.path("enum").isArray()) {
      words.add(
          "one of "
              + String.join(
                  ", ", schema.path("enum").valueStream().map(each -> each.asString("")).toList()));
    } else {
      words.add("any");
    }
    bound(words, schema, "minimum", "at least ");
    bound(words, schema, "exclusiveMinimum", "more than ");
    bound(words, schema, "maximum", "at most ");
    bound(words, schema, "maxLength", "length at most ");
    bound(words, schema, "format", "format ");
    bound(words, schema, "default", "default ");
    return words.toString();
  }

  private static void bound(StringJoiner words, JsonNode schema, String name, String before) {
    JsonNode value = schema.path(name);
    if (!value.isMissingNode()) {
      words.add(
          before
              + (value.isString()
                  ? value.stringValue()
                  : value.isIntegralNumber() && value.canConvertToLong()
                      ? Figures.count(value.longValue())
                      : value.toString()));
    }
  }
}
