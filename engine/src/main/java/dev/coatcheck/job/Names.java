package dev.coatcheck.job;

import java.util.regex.Pattern;

/** The rule for names of workers, tenants, schedules and steps. */
public final class Names {

  /** Lower-case letters, digits, dot, underscore, hyphen; 1 to 63 characters. */
  public static final Pattern PATTERN = Pattern.compile("^[a-z0-9][a-z0-9._-]{0,62}$");

  private static final int LENGTH_MAX = 63;

  private Names() {}

  public static boolean valid(String name) {
    // By hand: it is asked of every tenant that is read from the store.
    int length = name.length();
    if (length < 1 || length > LENGTH_MAX || !alphanumeric(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = name.charAt(i);
      if (!alphanumeric(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /**
   * Returns the name.
   *
   * @throws IllegalArgumentException if it breaks the rule
   */
  public static String require(String name, String what) {
    if (!valid(name)) {
      throw new IllegalArgumentException(what + " name must match " + PATTERN);
    }
    return name;
  }
}
