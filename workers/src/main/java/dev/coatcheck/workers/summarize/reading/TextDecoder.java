package dev.coatcheck.workers.summarize.reading;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Turns the bytes of a text into characters: by its byte order mark, else by the charset that its
 * sender or, in HTML, the page itself states, else as UTF-8, and what is not UTF-8 as windows-1252,
 * as browsers do. What comes out must look like text.
 */
final class TextDecoder {

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  /** Of the characters of a text, hardly one is a control character. */
  private static final double CONTROLS_MAX = 0.002;

  private static final int SAMPLE_LENGTH = 100_000;

  private TextDecoder() {}

  /** The first {@code most} characters of the input. */
  static String decode(StoredInput input, Head head, boolean html, int most) throws IOException {
    Optional<Charset> stated = StatedCharset.of(input, head, html);
    String text;
    try {
      text = decode(input, stated.orElse(StandardCharsets.UTF_8), CodingErrorAction.REPORT, most);
    } catch (CharacterCodingException malformed) {
      Charset lenient = stated.filter(c -> !c.equals(StandardCharsets.UTF_8)).orElse(WINDOWS_1252);
      text = decode(input, lenient, CodingErrorAction.REPLACE, most);
    }
    if (!looksLikeText(text)) {
      throw Signatures.refusal("binary data");
    }
    return text;
  }

  private static String decode(
      StoredInput input, Charset charset, CodingErrorAction onError, int most) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[64 * 1024];
    try (InputStream in = Files.newInputStream(input.path());
        Reader reader =
            new InputStreamReader(
                in,
                charset.newDecoder().onMalformedInput(onError).onUnmappableCharacter(onError))) {
      int read = reader.read(buffer);
      while (read >= 0 && text.length() < most) {
        text.append(buffer, 0, Math.min(read, most - text.length()));
        read = reader.read(buffer);
      }
    }
    return text.length() > 0 && text.charAt(0) == '\ufeff' ? text.substring(1) : text.toString();
  }

  private static boolean looksLikeText(String text) {
    int length = Math.min(SAMPLE_LENGTH, text.length());
    int controls = 0;
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      if (character == 0) {
        return false;
      }
      boolean layout = "\t\n\r\f\u000b\u0085\u001b".indexOf(character) >= 0;
      controls += (Character.isISOControl(character) && !layout) || character == '\ufffd' ? 1 : 0;
    }
    return controls <= Math.max(2, CONTROLS_MAX * length);
  }
}
