package dev.coatcheck.client.work;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a suspended attempt goes on.
 *
 * @param state what {@link Suspend#state} was given; JSON's null if nothing
 * @param callback what came; empty when the time was up
 */
public record Resume(JsonNode state, Optional<Callback> callback, JsonMapper json) {

  /**
   * A callback.
   *
   * @param body JSON as it came; of another type, {@code {"text": …}} or {@code {"base64": …}}
   */
  public record Callback(Instant receivedAt, String contentType, JsonNode body) {}

  /** Whether nothing came in time. */
  public boolean timedOut() {
    return callback.isEmpty();
  }

  /** The state as the type that was suspended with; null if there was none. */
  public <T extends @Nullable Object> T state(Class<T> type) {
    return json.treeToValue(state, type);
  }
}
