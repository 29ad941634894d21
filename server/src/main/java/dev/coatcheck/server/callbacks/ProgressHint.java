package dev.coatcheck.server.callbacks;

import dev.coatcheck.job.Progress;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes from what a third party sends what can be understood as progress, and no more. */
final class ProgressHint {

  private static final int STAGE_MAX = 200;
  private static final int MESSAGE_MAX = 2_000;

  private ProgressHint() {}

  static Progress read(byte[] body) {
    try {
      JsonNode node = Json.parse(body);
      return new Progress(
          share(node.path("fraction")),
          text(node.path("stage"), STAGE_MAX),
          text(node.path("message"), MESSAGE_MAX));
    } catch (InvalidJsonException other) {
      return new Progress(null, null, null);
    }
  }

  /** Compared as written: a number may be too large for a double. */
  private static @Nullable Double share(JsonNode node) {
    if (!node.isNumber()) {
      return null;
    }
    BigDecimal number = node.decimalValue();
    return number.signum() >= 0 && number.compareTo(BigDecimal.ONE) <= 0
        ? (Double) number.doubleValue()
        : null;
  }

  private static @Nullable String text(JsonNode node, int most) {
    return node.isString() && node.stringValue().length() <= most ? node.stringValue() : null;
  }
}
