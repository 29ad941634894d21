package dev.coatcheck.workers.http;

import dev.coatcheck.outbound.Outcome.Answered;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of an answer by what its headers say it is. */
final class AnswerBody {

  private static final int DEPTH_MAX = 50;
  private static final int NUMBER_MAX = 100;
  private static final Pattern JSON = Pattern.compile("(?:application|text)/(?:.*\\+)?json");
  private static final Pattern TEXT =
      Pattern.compile(
          "text/.*|.*\\+xml|application/(?:xml|javascript|yaml|x-ndjson|x-www-form-urlencoded)");
  private static final Pattern CHARSET = Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");

  /** Refuses whatever JSON could not be given on as it is; that is given on as text. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_MAX)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private AnswerBody() {}

  /** The body as JSON; empty if it is none, or none that we would give on. */
  static Optional<JsonNode> json(Answered answered, byte[] bytes) {
    if (answered.truncated() || !plain(answered) || !JSON.matcher(type(answered)).matches()) {
      return Optional.empty();
    }
    try {
      JsonNode node = MAPPER.readTree(bytes);
      return node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (JacksonException | ArithmeticException | NumberFormatException malformed) {
      return Optional.empty();
    }
  }

  /** The body as text; empty if it is not, or not in the charset that it should be in. */
  static Optional<String> text(Answered answered, byte[] bytes) {
    String type = type(answered);
    boolean textual =
        type.isEmpty() || JSON.matcher(type).matches() || TEXT.matcher(type).matches();
    if (!textual || !plain(answered)) {
      return Optional.empty();
    }
    return charset(answered).flatMap(charset -> decode(charset, bytes, answered.truncated()));
  }

  private static Optional<String> decode(Charset charset, byte[] bytes, boolean truncated) {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    int room = (int) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte());
    CharBuffer chars = CharBuffer.allocate(room + 2);
    // A body that was cut may end within a character, which is left out then.
    boolean malformed = decoder.decode(ByteBuffer.wrap(bytes), chars, !truncated).isError();
    if (!malformed && !truncated) {
      decoder.flush(chars);
    }
    return malformed ? Optional.empty() : Optional.of(chars.flip().toString());
  }

  private static Optional<Charset> charset(Answered answered) {
    Matcher matcher = CHARSET.matcher(answered.contentType().orElse("").toLowerCase(Locale.ROOT));
    try {
      return Optional.of(
          matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }

  /** The media type in lower case; empty if none is given. */
  private static String type(Answered answered) {
    String type = answered.contentType().orElse("");
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Whether the bytes are the content itself, not a compressed form of it. */
  private static boolean plain(Answered answered) {
    return answered.header("content-encoding").orElse("identity").equalsIgnoreCase("identity");
  }
}
