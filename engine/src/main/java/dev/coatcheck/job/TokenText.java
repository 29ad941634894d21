package dev.coatcheck.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Tokens as text: a prefix, then bytes in Base64 for URLs (RFC 4648, section 5) without padding.
 */
public final class TokenText {

  private TokenText() {}

  public static String of(String prefix, ByteBuffer bytes) {
    ByteBuffer all = bytes.duplicate().clear();
    ByteBuffer text = Base64.getUrlEncoder().withoutPadding().encode(all);
    return prefix + StandardCharsets.ISO_8859_1.decode(text);
  }

  /**
   * The bytes of a text of this prefix and so many bytes; empty for anything else. Base64 has
   * several texts for the same bytes, of which only the one of {@link #of} is taken.
   */
  public static Optional<ByteBuffer> read(String text, String prefix, int length) {
    if (!text.startsWith(prefix)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text.substring(prefix.length()));
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return bytes.length == length && of(prefix, buffer).equals(text)
          ? Optional.of(buffer)
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
