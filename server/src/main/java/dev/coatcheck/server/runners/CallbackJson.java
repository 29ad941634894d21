package dev.coatcheck.server.runners;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a callback brought, as a runner is given it. */
final class CallbackJson {

  private static final Pattern JSON = Pattern.compile("(?:application|text)/(?:.*\\+)?json");
  private static final Pattern TEXT =
      Pattern.compile("text/.*|.*\\+xml|application/(?:xml|yaml|x-ndjson|x-www-form-urlencoded)");

  private CallbackJson() {}

  static void write(JsonOut out, Callback callback) {
    out.object(
        "callback",
        inner -> {
          inner.instant("received_at", callback.receivedAt());
          inner.string("content_type", callback.contentType());
          body(inner, callback);
        });
  }

  /** JSON as it came, else {@code {"text": …}} or {@code {"base64": …}}. */
  private static void body(JsonOut out, Callback callback) {
    String type = callback.contentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    byte[] bytes = callback.body().bytes();
    boolean json = JSON.matcher(type).matches();
    if (json && valid(bytes)) {
      out.raw("body", Payload.of(RawJson.compact(bytes)));
      return;
    }
    Optional<String> text = json || TEXT.matcher(type).matches() ? utf8(bytes) : Optional.empty();
    out.object(
        "body",
        inner ->
            text.ifPresentOrElse(
                plain -> inner.string("text", plain),
                () -> inner.string("base64", Base64.getEncoder().encodeToString(bytes))));
  }

  private static boolean valid(byte[] bytes) {
    try {
      Json.parse(bytes);
      return true;
    } catch (InvalidJsonException other) {
      return false;
    }
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }
}
