package dev.coatcheck.server.files;

import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** Names of files: for people only, never a path on this server. */
final class FileName {

  static final String DEFAULT = "file";
  static final int BYTES_MAX = 255;

  private FileName() {}

  /** The name in composed form; null or empty gives the default. */
  static String of(@Nullable String given, String pointer) {
    if (given == null || given.isEmpty()) {
      return DEFAULT;
    }
    String name = Normalizer.normalize(given, Normalizer.Form.NFC);
    if (name.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw wrong(pointer, "a file name has at most " + BYTES_MAX + " bytes");
    }
    if (name.equals(".") || name.equals("..") || !name.codePoints().allMatch(FileName::allowed)) {
      throw wrong(pointer, "a file name has no slashes and no control characters");
    }
    return name;
  }

  private static boolean allowed(int c) {
    return c != '/'
        && c != '\\'
        && !Character.isISOControl(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.SURROGATE
        && Character.getType(c) != Character.LINE_SEPARATOR
        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
  }

  private static Problem wrong(String pointer, String detail) {
    return Problem.at(ProblemCode.INVALID_REQUEST, pointer, detail);
  }

  /** {@code Content-Disposition} of a download (RFC 6266, RFC 8187). */
  static String attachment(String name) {
    StringBuilder plain = new StringBuilder();
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean letter = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
      if (letter || b == '-' || b == '.' || b == '_') {
        encoded.append((char) b);
      } else {
        encoded.append(String.format("%%%02X", b));
      }
    }
    name.codePoints()
        .forEach(c -> plain.append(c < 32 || c > 126 || c == '"' || c == '%' ? '_' : (char) c));
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }
}
