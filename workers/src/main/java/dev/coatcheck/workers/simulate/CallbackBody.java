package dev.coatcheck.workers.simulate;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.workers.WorkerJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a callback brought, as a part of an output. */
final class CallbackBody {

  private CallbackBody() {}

  /** JSON as it is, else {@code {"text": …}} or {@code {"base64": …}}. */
  static Object of(Callback callback) {
    byte[] bytes = callback.body().bytes();
    if (callback.contentType().toLowerCase(Locale.ROOT).contains("json") && bytes.length > 0) {
      try {
        return WorkerJson.read(callback.body(), JsonNode.class);
      } catch (JacksonException notJson) {
        return text(bytes);
      }
    }
    return text(bytes);
  }

  private static Object text(byte[] bytes) {
    try {
      return Map.of(
          "text", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      return Map.of("base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
