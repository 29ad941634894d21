package dev.coatcheck.server.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strict JSON: UTF-8 without a byte order mark, no duplicate keys, nothing after the value, at most
 * {@value #DEPTH_MAX} levels, numbers of at most {@value #NUMBER_MAX} characters, no half of a
 * surrogate pair. Jackson's defaults allow all of these.
 */
public final class Json {

  public static final int DEPTH_MAX = 64;
  public static final int NUMBER_MAX = 100;

  /** Digits that a number may stand for; one like 1e999999999 would cost gigabytes to compute. */
  private static final int SCALE_MAX = 10_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_MAX)
                          .maxNameLength(1_000_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /** Reads one value. */
  public static JsonNode parse(byte[] bytes) throws InvalidJsonException {
    boolean escapes = checkEncoding(bytes);
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      try {
        if (parser.nextToken() == null) {
          throw new InvalidJsonException("the body is empty", "");
        }
        JsonNode value = MAPPER.readTree(parser);
        if (parser.nextToken() != null) {
          throw new InvalidJsonException("there is text after the value", "");
        }
        check(value, escapes, "");
        return value;
      } catch (JacksonException refused) {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        throw new InvalidJsonException(describe(refused), pointer);
      } catch (ArithmeticException | NumberFormatException refused) {
        throw new InvalidJsonException("a number is out of range", "");
      }
    }
  }

  /** Checks one value without keeping it; what is inside strings and numbers is not looked at. */
  public static void check(byte[] bytes) throws InvalidJsonException {
    checkEncoding(bytes);
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      try {
        if (parser.nextToken() == null) {
          throw new InvalidJsonException("the body is empty", "");
        }
        parser.skipChildren();
        if (parser.nextToken() != null) {
          throw new InvalidJsonException("there is text after the value", "");
        }
      } catch (JacksonException refused) {
        String pointer = parser.streamReadContext().pathAsPointer().toString();
        throw new InvalidJsonException(describe(refused), pointer);
      }
    }
  }

  /** Refuses what is not UTF-8; tells whether the text has escapes. */
  private static boolean checkEncoding(byte[] bytes) throws InvalidJsonException {
    boolean ascii = true;
    boolean escapes = false;
    for (byte b : bytes) {
      ascii &= b > 0;
      escapes |= b == '\\';
    }
    if (!ascii) {
      if (bytes.length > 2 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB) {
        throw new InvalidJsonException("the body must not start with a byte order mark", "");
      }
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      } catch (CharacterCodingException notUtf8) {
        throw new InvalidJsonException("the body is not UTF-8", "");
      }
      for (int i = 0; i < Math.min(4, bytes.length); i++) {
        if (bytes[i] == 0) {
          throw new InvalidJsonException("the body is not UTF-8", "");
        }
      }
    }
    return escapes;
  }

  private static void check(JsonNode node, boolean escapes, String pointer)
      throws InvalidJsonException {
    if (node.isObject()) {
      for (var member : node.properties()) {
        String place = pointer + "/" + escape(member.getKey());
        if (escapes) {
          checkPairs(member.getKey(), pointer);
        }
        check(member.getValue(), escapes, place);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        check(node.get(i), escapes, pointer + "/" + i);
      }
    } else if (node.isString() && escapes) {
      checkPairs(node.stringValue(), pointer);
    } else if (node.isBigDecimal() && Math.abs((long) node.decimalValue().scale()) > SCALE_MAX) {
      throw new InvalidJsonException("a number is out of range", pointer);
    }
  }

  private static void checkPairs(String text, String pointer) throws InvalidJsonException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new InvalidJsonException("a string has half of a surrogate pair", pointer);
      }
    }
  }

  /** A member's name as part of a JSON pointer. */
  public static String escape(String name) {
    return name.indexOf('~') < 0 && name.indexOf('/') < 0
        ? name
        : name.replace("~", "~0").replace("/", "~1");
  }

  private static String describe(JacksonException refused) {
    String message = refused.getOriginalMessage();
    String text = message == null ? "not JSON" : message.split("\n", 2)[0];
    String cut = text.length() > 200 ? text.substring(0, 200) : text;
    if (refused instanceof StreamReadException && refused.getLocation() != null) {
      return cut
          + " (line "
          + refused.getLocation().getLineNr()
          + ", column "
          + refused.getLocation().getColumnNr()
          + ")";
    }
    return cut;
  }
}
