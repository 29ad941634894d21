package dev.coatcheck.fuzz;

import dev.coatcheck.job.Payload;
import dev.coatcheck.server.json.Fingerprint;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.PrettyJson;
import dev.coatcheck.server.json.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON that is taken is the same after every way it is passed on; anything else is refused, and in
 * one way only. What is after a byte 0xFF, which no JSON has, is a merge patch.
 */
public final class JsonFuzz {

  private JsonFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    int cut = 0;
    while (cut < data.length && data[cut] != (byte) 0xFF) {
      cut++;
    }
    JsonNode first = check(Arrays.copyOf(data, cut));
    if (cut < data.length) {
      byte[] rest = Arrays.copyOfRange(data, cut + 1, data.length);
      JsonNode patch = check(rest);
      if (first != null && patch != null) {
        checkMerge(Arrays.copyOf(data, cut), first, rest, patch);
      }
    }
  }

  private static @org.jspecify.annotations.Nullable JsonNode check(byte[] text) {
    JsonNode value = parse(text);
    if (value == null) {
      return null;
    }
    byte[] compact = RawJson.compact(text);
    Claim.that(compact.length <= text.length, "compact is not longer");
    Claim.that(value.equals(parse(compact)), "compact is the same value");
    Claim.that(Arrays.equals(compact, RawJson.compact(compact)), "compact is compact");
    Claim.that(
        Arrays.equals(
            new Fingerprint().json(value).digest(), new Fingerprint().json(value).digest()),
        "a fingerprint is a function");
    String pretty = PrettyJson.of(new String(compact, StandardCharsets.UTF_8));
    Claim.that(value.equals(parse(pretty.getBytes(StandardCharsets.UTF_8))), "pretty is the same");
    Claim.that(RawJson.oneLine(text).lines().count() <= 1, "one line is one line");
    if (value.isObject()) {
      Claim.that(
          RawJson.values(Payload.of(compact)).size() == value.size(), "every member has its text");
    }
    return value;
  }

  private static @org.jspecify.annotations.Nullable JsonNode parse(byte[] text) {
    try {
      return Json.parse(text);
    } catch (InvalidJsonException refused) {
      Claim.that(!refused.detail().isEmpty(), "a refusal says why");
      return null;
    }
  }

  private static void checkMerge(byte[] text, JsonNode target, byte[] change, JsonNode patch) {
    Payload merged =
        RawJson.merge(Payload.of(RawJson.compact(text)), Payload.of(RawJson.compact(change)));
    Claim.that(merge(target, patch).equals(parse(merged.bytes())), "a merge is RFC 7396's");
  }

  /** The algorithm as the RFC writes it, on values. */
  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    if (target.isObject()) {
      merged.setAll((ObjectNode) target);
    }
    for (Map.Entry<String, JsonNode> each : patch.properties()) {
      if (each.getValue().isNull()) {
        merged.remove(each.getKey());
      } else {
        merged.set(each.getKey(), merge(merged.path(each.getKey()), each.getValue()));
      }
    }
    return merged;
  }
}
