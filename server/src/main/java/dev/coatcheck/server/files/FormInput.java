package dev.coatcheck.server.files;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A form as the input of a job: each part is a member. A file stands as its id. A field is text
 * unless the worker's schema says otherwise, or the part is declared as JSON.
 *
 * @param value the input
 * @param likeness the input with digests in place of new ids: equal for equal forms
 */
public record FormInput(ObjectNode value, ObjectNode likeness) {

  private static final Set<String> OTHERS =
      Set.of("integer", "number", "boolean", "object", "array", "null");

  public static boolean given(Exchange exchange) {
    return FormReader.isForm(exchange.header("Content-Type"));
  }

  /**
   * Reads the form of a request and stores its files.
   *
   * @param schema the worker's input schema; null if it has none
   */
  public static FormInput read(Exchange exchange, FileDesk desk, @Nullable JsonNode schema)
      throws InterruptedException {
    ObjectNode value = JsonNodeFactory.instance.objectNode();
    ObjectNode likeness = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, Form.Part> part : desk.form(exchange).parts().entrySet()) {
      String name = part.getKey();
      switch (part.getValue()) {
        case Form.Text text -> {
          JsonNode node = value(name, text, schema);
          value.set(name, node);
          likeness.set(name, node);
        }
        case Form.Uploaded(StoredFile file) -> {
          value.put(name, file.id().toString());
          likeness.put(name, file.name() + " sha256:" + file.sha256());
        }
      }
    }
    return new FormInput(value, likeness);
  }

  private static JsonNode value(String name, Form.Text text, @Nullable JsonNode schema) {
    String type = text.contentType();
    boolean json = type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
    if (!json && !otherThanText(name, schema)) {
      return JsonNodeFactory.instance.stringNode(utf8(name, text.bytes()));
    }
    try {
      return Json.parse(text.bytes());
    } catch (InvalidJsonException invalid) {
      if (json) {
        throw Problem.at(ProblemCode.INVALID_JSON, "/" + Json.escape(name), invalid.detail());
      }
      // The schema will tell what it should have been.
      return JsonNodeFactory.instance.stringNode(utf8(name, text.bytes()));
    }
  }

  private static boolean otherThanText(String name, @Nullable JsonNode schema) {
    if (schema == null) {
      return false;
    }
    JsonNode type = schema.path("properties").path(name).path("type");
    return type.isArray()
        ? type.valueStream().noneMatch(each -> each.asString("").equals("string"))
        : OTHERS.contains(type.asString(""));
  }

  private static String utf8(String name, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      throw Problem.at(
          ProblemCode.INVALID_REQUEST,
          "/" + Json.escape(name),
          "is not UTF-8 text; send a file with a file name");
    }
  }
}
