package dev.coatcheck.cli.client;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one reader and writer of JSON of the command line. Numbers keep all their digits. */
public final class Json {

  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final PrettyPrinter PRINTER =
      new DefaultPrettyPrinter()
          .withSeparators(
              PrettyPrinter.DEFAULT_SEPARATORS.withObjectNameValueSpacing(
                  Separators.Spacing.AFTER));

  private Json() {}

  /** Reads to the end without building anything; throws where the text is not one JSON value. */
  public static void check(String text) throws JacksonException {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new StreamReadException(parser, "nothing there");
      }
      parser.skipChildren();
      JsonToken more = parser.nextToken();
      if (more != null) {
        throw new StreamReadException(parser, "something follows after the value");
      }
    }
  }

  public static String pretty(JsonNode node) {
    return MAPPER.writer().with(PRINTER).writeValueAsString(node);
  }
}
