package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Fingerprint;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the header {@code Idempotency-Key}, bare or quoted. */
final class IdempotencyKeys {

  /** Its name in an item of many. */
  static final String MEMBER = "idempotency_key";

  private static final int LENGTH_MAX = 255;

  private IdempotencyKeys() {}

  /** The key and what it is used for; null if the request has none. */
  static @Nullable Idempotency read(Exchange exchange, Supplier<Fingerprint> fingerprint) {
    List<String> values = exchange.rawHeaders("Idempotency-Key");
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw invalid("The key is given more than once.");
    }
    return of(unquote(values.getFirst().strip()), fingerprint);
  }

  /** The key of an item of many; null if it has none. */
  static @Nullable Idempotency read(Body item, Supplier<Fingerprint> fingerprint) {
    JsonNode key = item.node().get(MEMBER);
    if (key == null || key.isNull()) {
      return null;
    }
    if (!key.isString()) {
      throw Problem.at(ProblemCode.IDEMPOTENCY_KEY_INVALID, "/" + MEMBER, "must be a string");
    }
    return of(key.stringValue(), fingerprint);
  }

  private static Idempotency of(String key, Supplier<Fingerprint> fingerprint) {
    if (key.isEmpty()) {
      throw invalid("The key is empty.");
    }
    if (key.length() > LENGTH_MAX) {
      throw invalid("The key has more than " + LENGTH_MAX + " characters.");
    }
    if (OptionsReader.hasControl(key)) {
      throw invalid("The key has a control character.");
    }
    return new Idempotency(
        Payload.of(Fingerprint.ofText(key)), Payload.of(fingerprint.get().digest()));
  }

  private static String unquote(String text) {
    if (text.length() < 2 || !text.startsWith("\"") || !text.endsWith("\"")) {
      return text;
    }
    return text.substring(1, text.length() - 1).replaceAll("\\\\([\"\\\\])", "$1");
  }

  private static Problem invalid(String detail) {
    return Problem.of(ProblemCode.IDEMPOTENCY_KEY_INVALID, detail);
  }
}
