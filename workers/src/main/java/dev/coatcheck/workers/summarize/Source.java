package dev.coatcheck.workers.summarize;

import org.jspecify.annotations.Nullable;

/**
 * Where a text came from, as the output names it.
 *
 * @param kind {@code text}, {@code file} or {@code url}
 * @param file the id of the file
 * @param url the address, as it was submitted
 * @param bytes how many bytes it had
 * @param sha256 their digest, 64 lower-case hexadecimal digits
 */
record Source(String kind, @Nullable String file, @Nullable String url, long bytes, String sha256) {

  static Source text(Spool.Digested digested) {
    return new Source("text", null, null, digested.bytes(), digested.sha256());
  }

  static Source file(String id, Spool.Digested digested) {
    return new Source("file", id, null, digested.bytes(), digested.sha256());
  }

  static Source url(String url, Spool.Digested digested) {
    return new Source("url", null, url, digested.bytes(), digested.sha256());
  }
}
