package dev.coatcheck.client.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the server speaks it. */
public final class Json {

  /** For bodies of the protocol; never for the inputs and outputs of users. */
  public static final JsonMapper WIRE =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
          // A number of a job's input must arrive as it was written.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /** A duration as requests have it. */
  public static String duration(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
