package dev.coatcheck.job;

import java.util.regex.Pattern;

/** The rule for names of workers, tenants, schedules and steps. */
public final class Names {

  /** Lower-case letters, digits, dot, underscore, hyphen; 1 to 63 characters. */
  public static final Pattern PATTERN = Pattern.compile("^[a-z0-9][a-z0-9._-]{0,62}$");

  private Names() {}

  public static boolean valid(String name) {
    return PATTERN.matcher(name).matches();
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
