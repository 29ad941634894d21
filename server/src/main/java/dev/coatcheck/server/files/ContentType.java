package dev.coatcheck.server.files;

import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types that callers declare for files. */
final class ContentType {

  static final String BYTES = "application/octet-stream";
  private static final int LENGTH_MAX = 255;
  private static final Pattern FORM =
      Pattern.compile("[\\w!#$&^.+-]+/[\\w!#$&^.+-]+([ \\t]*;[\\x20-\\x7e]*)?");

  /** What browsers only show or play, and never run. */
  private static final Set<String> HARMLESS =
      Set.of(
          "application/json",
          "application/pdf",
          "image/gif",
          "image/jpeg",
          "image/png",
          "image/webp",
          "text/csv",
          "text/markdown",
          "text/plain");

  private ContentType() {}

  /** The declared type; null gives that of any bytes. */
  static String of(@Nullable String declared, String pointer) {
    if (declared == null || declared.isBlank()) {
      return BYTES;
    }
    String type = declared.trim();
    if (type.length() > LENGTH_MAX || !FORM.matcher(type).matches()) {
      throw Problem.at(ProblemCode.INVALID_REQUEST, pointer, "is not a media type");
    }
    return type;
  }

  /** The type under which a file of this declared type is given out. */
  static String served(String type) {
    String essence = type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    boolean media = essence.startsWith("audio/") || essence.startsWith("video/");
    return media || HARMLESS.contains(essence) ? type : BYTES;
  }
}
