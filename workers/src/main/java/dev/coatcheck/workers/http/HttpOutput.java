package dev.coatcheck.workers.http;

import dev.coatcheck.job.Payload;
import dev.coatcheck.outbound.Header;
import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.workers.WorkerJson;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The worker's output.
 *
 * @param headers by name in lower case; several fields of one name are joined with commas
 * @param body JSON, text, {@code {"base64": …}}, or null for no body
 * @param truncated whether something was left out for lack of room
 */
record HttpOutput(
    int status, Map<String, String> headers, @Nullable Object body, boolean truncated) {

  private static final int ROOM_MIN = 64;

  private record Bytes(String base64) {

    /** What its JSON adds to the text. */
    private static final int FRAME = "{\"base64\":\"\"}".length();

    static Bytes of(byte[] bytes) {
      return new Bytes(Base64.getEncoder().encodeToString(bytes));
    }
  }

  /** Makes an output of at most so many bytes, of a cut body if need be. */
  static Payload of(Answered answered, byte[] bytes, int max) {
    Map<String, String> headers = headers(answered);
    boolean headersFit = room(answered, headers, max) >= ROOM_MIN;
    Map<String, String> kept = headersFit ? headers : Map.of();
    int room = room(answered, kept, max);
    Optional<Object> whole = whole(answered, bytes).filter(body -> size(body) <= room);
    boolean fits = whole.isPresent() || bytes.length == 0;
    @Nullable Object body = fits ? whole.orElse(null) : cut(answered, bytes, room);
    boolean truncated = answered.truncated() || !fits || !headersFit;
    return WorkerJson.write(new HttpOutput(answered.status(), kept, body, truncated));
  }

  private static Map<String, String> headers(Answered answered) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : answered.headers()) {
      headers.merge(
          header.name().toLowerCase(Locale.ROOT),
          header.value(),
          (some, more) -> some + ", " + more);
    }
    return headers;
  }

  /** The bytes that the rest of the output leaves to the body. */
  private static int room(Answered answered, Map<String, String> headers, int max) {
    return max - size(new HttpOutput(answered.status(), headers, null, false));
  }

  private static int size(Object value) {
    return WorkerJson.write(value).size();
  }

  private static Optional<Object> whole(Answered answered, byte[] bytes) {
    if (bytes.length == 0) {
      return Optional.empty();
    }
    Optional<JsonNode> json = AnswerBody.json(answered, bytes);
    if (json.isPresent()) {
      return json.map(node -> node);
    }
    Optional<String> text = AnswerBody.text(answered, bytes);
    return text.isPresent() ? text.map(string -> string) : Optional.of(Bytes.of(bytes));
  }

  private static Object cut(Answered answered, byte[] bytes, int room) {
    return AnswerBody.text(answered, bytes)
        .<Object>map(text -> JsonText.cut(text, room))
        .orElseGet(() -> {
          int length = Math.max(0, (room - Bytes.FRAME) / 4 * 3);
          return Bytes.of(Arrays.copyOf(bytes, Math.min(bytes.length, length)));
        });
  }
}
