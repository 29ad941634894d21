package dev.coatcheck.workers.summarize;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Port to whatever may load a URL that a submitter names. */
@FunctionalInterface
public interface Fetcher {

  /**
   * What was loaded, apart from its bytes.
   *
   * @param contentType the header {@code Content-Type}, if there was one
   */
  record Fetched(@Nullable String contentType) {}

  /**
   * Loads {@code url} into a file.
   *
   * @param into the file to write; it does not exist yet. After a failure it may be left half
   *     written
   * @param maxBytes how large it may become
   * @param atMost how long it may take in all
   * @throws WorkFailure {@code input_unavailable}: retryable for an answer of 5xx and for a time
   *     out; permanent for 4xx, for a redirect, whose target the message names, and for a URL that
   *     is refused; {@code unsupported_input} for more than {@code maxBytes}
   * @throws InterruptedException when the attempt is to stop
   */
  Fetched fetch(String url, Path into, long maxBytes, Duration atMost)
      throws WorkFailure, InterruptedException;

  /** Refuses every URL. */
  static Fetcher none() {
    return (url, into, maxBytes, atMost) -> {
      throw WorkFailure.permanent(
          ErrorCode.INPUT_UNAVAILABLE,
          "This server loads no URLs; hand the document in as a file or text.");
    };
  }
}
