package dev.coatcheck.workers.summarize.document;

import java.util.Locale;

/** The formats a document can be read from. */
public enum Format {
  TEXT,
  MARKDOWN,
  HTML,
  PDF;

  /** The name used in requests and results: {@code text}, {@code markdown}, {@code html}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
