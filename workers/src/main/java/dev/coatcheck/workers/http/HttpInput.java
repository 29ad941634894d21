package dev.coatcheck.workers.http;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.outbound.Header;
import dev.coatcheck.outbound.OutboundRequest;
import dev.coatcheck.outbound.rules.Target;
import dev.coatcheck.workers.WorkerJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the worker is asked to send.
 *
 * @param method null for GET
 * @param body a string, {@code {"base64": …}}, any other JSON, or null for none
 * @param timeout of the whole exchange, such as {@code "60s"}; null for that
 */
record HttpInput(
    @Nullable String method,
    String url,
    @Nullable Map<String, String> headers,
    @Nullable JsonNode body,
    @Nullable String timeout) {

  static final Duration TIMEOUT_MAX = Duration.ofMinutes(15);

  private static final String TIMEOUT = "60s";
  private static final String BASE64 = "base64";
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");
  private static final Map<String, Long> UNITS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /** The bytes of a body and what they are. */
  private record Content(String type, byte[] bytes) {}

  /** How long an attempt may take. */
  Duration within() throws WorkFailure {
    Matcher matcher = DURATION.matcher(timeout == null ? TIMEOUT : timeout);
    if (matcher.matches()) {
      BigDecimal unit = BigDecimal.valueOf(UNITS.getOrDefault(matcher.group(2), 1L));
      BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(unit);
      if (millis.compareTo(BigDecimal.ONE) >= 0
          && millis.compareTo(BigDecimal.valueOf(TIMEOUT_MAX.toMillis())) <= 0) {
        return Duration.ofMillis(millis.longValue());
      }
    }
    throw unsupported("The timeout must be from 1ms to 15m.");
  }

  OutboundRequest request(String purpose, Target target) throws WorkFailure {
    List<Header> fields = new ArrayList<>();
    if (headers != null) {
      headers.forEach((name, value) -> fields.add(new Header(name, value)));
    }
    Optional<String> wrong = fields.stream().flatMap(each -> each.wrong().stream()).findFirst();
    if (wrong.isPresent()) {
      throw unsupported(wrong.get());
    }
    Optional<Content> content = content();
    if (content.isPresent() && fields.stream().noneMatch(each -> each.is("content-type"))) {
      fields.add(new Header("Content-Type", content.get().type));
    }
    byte[] bytes = content.map(Content::bytes).orElseGet(() -> new byte[0]);
    return new OutboundRequest(purpose, method == null ? "GET" : method, target, fields, bytes);
  }

  private Optional<Content> content() throws WorkFailure {
    if (body == null || body.isNull()) {
      return Optional.empty();
    }
    if (body.isString()) {
      byte[] text = body.asString().getBytes(StandardCharsets.UTF_8);
      return Optional.of(new Content("text/plain; charset=utf-8", text));
    }
    if (body.size() == 1 && body.path(BASE64).isString()) {
      try {
        byte[] bytes = Base64.getDecoder().decode(body.path(BASE64).asString());
        return Optional.of(new Content("application/octet-stream", bytes));
      } catch (IllegalArgumentException malformed) {
        throw unsupported("The body is not base64.");
      }
    }
    return Optional.of(new Content("application/json", WorkerJson.write(body).bytes()));
  }

  private static WorkFailure unsupported(String message) {
    return WorkFailure.permanent(ErrorCode.UNSUPPORTED_INPUT, message);
  }
}
