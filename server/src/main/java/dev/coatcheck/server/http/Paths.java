package dev.coatcheck.server.http;

import java.util.regex.Pattern;

/** Paths as they may be shown: tokens in them are as good as keys. */
public final class Paths {

  private static final Pattern PLACES = Pattern.compile("(?i)(/(?:leases|callbacks)/+)[^/]+");
  private static final Pattern TOKENS = Pattern.compile("(?:lt|cb)_[A-Za-z0-9_-]{8,}");
  private static final String MASK = "…";

  private Paths() {}

  /** The path with a mark in place of each token. */
  public static String shown(String path) {
    String masked = PLACES.matcher(path).replaceAll("$1" + MASK);
    return TOKENS.matcher(masked).replaceAll(MASK);
  }
}
