package dev.coatcheck.workers.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The field {@code Retry-After} (RFC 9110 section 10.2.3), held within bounds. */
final class RetryAfter {

  /** Less would make a job spin. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final Duration MOST = Duration.ofHours(1);
  private static final int DIGITS = 9;

  private RetryAfter() {}

  /** How long to wait, 1 s to 1 h; empty if the text is neither seconds nor a date. */
  static Optional<Duration> parse(String text, Instant now) {
    String value = text.strip();
    if (value.matches("\\d{1,100}")) {
      return Optional.of(
          bounded(value.length() > DIGITS ? MOST : Duration.ofSeconds(Long.parseLong(value))));
    }
    try {
      Instant until = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
      return Optional.of(bounded(Duration.between(now, until)));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration wait) {
    if (wait.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
