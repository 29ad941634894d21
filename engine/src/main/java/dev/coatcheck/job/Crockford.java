package dev.coatcheck.job;

import java.util.Arrays;

/**
 * 128 bits as 26 lower-case characters of Crockford's base 32 (no i, l, o, u), so that the order of
 * the texts is the order of the numbers. The first character carries three bits, hence 0 to 7.
 */
public final class Crockford {

  public static final int LENGTH = 26;

  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final byte[] VALUES = values();

  private Crockford() {}

  public static String encode(long high, long low) {
    char[] text = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS[(int) (low & 31)];
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text);
  }

  /** Whether the text from {@code offset} to its end is 26 characters that encode 128 bits. */
  public static boolean valid(String text, int offset) {
    if (text.length() - offset != LENGTH || text.charAt(offset) > '7') {
      return false;
    }
    for (int i = offset; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= VALUES.length || VALUES[c] < 0) {
        return false;
      }
    }
    return true;
  }

  /** The upper 64 bits of a {@linkplain #valid valid} text. */
  public static long high(String text, int offset) {
    long high = 0;
    for (int i = 0; i < 13; i++) {
      high = (high << 5) | VALUES[text.charAt(offset + i)];
    }
    return (high << 1) | (VALUES[text.charAt(offset + 13)] >>> 4);
  }

  /** The lower 64 bits of a {@linkplain #valid valid} text. */
  public static long low(String text, int offset) {
    long low = VALUES[text.charAt(offset + 13)] & 15;
    for (int i = 14; i < LENGTH; i++) {
      low = (low << 5) | VALUES[text.charAt(offset + i)];
    }
    return low;
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < DIGITS.length; i++) {
      values[DIGITS[i]] = (byte) i;
    }
    return values;
  }
}
