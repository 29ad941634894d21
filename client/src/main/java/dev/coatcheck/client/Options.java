package dev.coatcheck.client;

import dev.coatcheck.client.http.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a submission may ask for besides its input. Immutable: each method gives another one. */
public final class Options {

  private final Map<String, Object> members;
  private final Optional<String> idempotencyKey;

  /** Nothing asked: the worker's defaults. */
  Options() {
    this(Map.of(), Optional.empty());
  }

  private Options(Map<String, Object> members, Optional<String> idempotencyKey) {
    this.members = members;
    this.idempotencyKey = idempotencyKey;
  }

  /** While a job of the worker with this key is open, that job is the answer. */
  public Options uniqueKey(String key) {
    return with("unique_key", key);
  }

  /** The same key is the same job, for as long as it is kept. One is made if none is given. */
  public Options idempotencyKey(String key) {
    return new Options(members, Optional.of(key));
  }

  /** −100 to 100, higher first. */
  public Options priority(int priority) {
    return with("priority", priority);
  }

  /** Not before so much time has passed. */
  public Options delay(Duration delay) {
    return with("delay", Json.duration(delay));
  }

  /** Not before this instant. */
  public Options runAt(Instant at) {
    return with("run_at", at.toString());
  }

  /** Bound of the time until the first attempt starts. */
  public Options queueTimeout(Duration timeout) {
    return with("queue_timeout", Json.duration(timeout));
  }

  /** Bound of one attempt. */
  public Options runTimeout(Duration timeout) {
    return with("run_timeout", Json.duration(timeout));
  }

  /** Bound of the job's whole life. */
  public Options deadline(Duration deadline) {
    return with("deadline", Json.duration(deadline));
  }

  public Options maxAttempts(int attempts) {
    return with("max_attempts", attempts);
  }

  /** Jobs with different keys get equal shares of the worker. */
  public Options fairnessKey(String key) {
    return with("fairness_key", key);
  }

  /** Adds a string of the caller's own. */
  public Options metadata(String key, String value) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (members.get("metadata") instanceof Map<?, ?> before) {
      before.forEach((name, text) -> all.put(String.valueOf(name), text));
    }
    all.put(key, value);
    return with("metadata", Collections.unmodifiableMap(all));
  }

  Optional<String> idempotencyKey() {
    return idempotencyKey;
  }

  ObjectNode members(JsonMapper json) {
    ObjectNode node = json.createObjectNode();
    members.forEach((name, value) -> node.set(name, json.valueToTree(value)));
    return node;
  }

  private Options with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Options(more, idempotencyKey);
  }
}
