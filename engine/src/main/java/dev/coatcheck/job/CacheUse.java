package dev.coatcheck.job;

import java.util.Locale;

/** What a caller wants of the results that are kept. */
public enum CacheUse {
  /** A kept result will do, and this one may be kept. */
  USE,
  /** The work is done anew, and its result replaces the kept one. */
  REFRESH,
  /** The work is done for this job alone, and its result is not kept. */
  OFF;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON. */
  public String wire() {
    return wire;
  }
}
