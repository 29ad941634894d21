package dev.coatcheck.client.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent, perhaps more than once.
 *
 * @param path path and query, from {@code /v1}
 * @param body JSON; null for none
 * @param timeout how long one answer may take
 * @param repeatable whether a request that may have arrived can be sent again: because it changes
 *     nothing twice by its nature, or by an idempotency key
 */
public record Call(
    String method,
    String path,
    byte @Nullable [] body,
    Map<String, String> headers,
    Duration timeout,
    boolean repeatable) {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  public static Call get(String path) {
    return new Call("GET", path, null, Map.of(), TIMEOUT, true);
  }

  /** A POST that must not be repeated once it may have arrived. */
  public static Call post(String path, byte @Nullable [] body) {
    return new Call("POST", path, body, Map.of(), TIMEOUT, false);
  }

  public Call header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Call(method, path, body, more, timeout, repeatable);
  }

  public Call within(Duration newTimeout) {
    return new Call(method, path, body, headers, newTimeout, repeatable);
  }

  /** The same call, which does the same when it arrives twice. */
  public Call idempotent() {
    return new Call(method, path, body, headers, timeout, true);
  }
}
