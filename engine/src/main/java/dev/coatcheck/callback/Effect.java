package dev.coatcheck.callback;

import java.util.Locale;

/** What a callback did. */
public enum Effect {
  /** The suspended job is ready to go on. */
  RESUMED,
  /** Kept for the attempt that runs, or for the next one. */
  STORED,
  /** Told to whoever watches the job; nothing goes on because of it. */
  PROGRESS,
  /** Was here before. */
  DUPLICATE,
  /** The token is spent, or the job is done. */
  IGNORED;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON. */
  public String wire() {
    return wire;
  }
}
