package dev.coatcheck.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wait that a request prefers (RFC 7240); what is not understood is ignored, as it asks. */
public final class Preference {

  public static final Duration WAIT_MAX = Duration.ofSeconds(60);

  private static final Pattern WAIT = Pattern.compile("^wait\\s*=\\s*\"?(\\d{1,9})\"?$");

  private Preference() {}

  /** How long to wait for the job, at most {@link #WAIT_MAX}; empty if nothing was asked. */
  public static Optional<Duration> wait(List<String> headers) {
    for (String header : headers) {
      for (String part : header.split("[,;]", -1)) {
        Matcher wait = WAIT.matcher(part.trim().toLowerCase(Locale.ROOT));
        if (wait.matches()) {
          long seconds = Long.parseLong(wait.group(1));
          return Optional.of(Duration.ofSeconds(Math.min(seconds, WAIT_MAX.toSeconds())));
        }
      }
    }
    return Optional.empty();
  }
}
