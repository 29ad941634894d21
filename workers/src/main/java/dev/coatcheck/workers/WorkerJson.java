package dev.coatcheck.workers;

import dev.coatcheck.job.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON of the built-in workers: members in snake case, numbers kept as they are written. */
public final class WorkerJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private WorkerJson() {}

  /** Reads an input that its worker's schema has accepted. */
  public static <T> T read(Payload payload, Class<T> type) {
    return MAPPER.readValue(payload.bytes(), type);
  }

  public static Payload write(Object value) {
    return Payload.of(MAPPER.writeValueAsBytes(value));
  }

  /** The value as a tree, to be completed by hand. */
  public static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** A resource beside the class, such as a JSON Schema. */
  public static Payload resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return Payload.of(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
