package dev.coatcheck.fuzz;

import dev.coatcheck.server.config.Durations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A duration that is taken has the documented form, a sane length, and can be told again. */
public final class DurationsFuzz {

  private DurationsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Optional<Duration> parsed = Durations.parse(text);
    boolean form = text.matches("[0-9]{1,18}([.][0-9]{1,18})?(ms|s|m|h|d)");
    Claim.that(parsed.isPresent() == form, "what has the form is taken, and nothing else");
    if (parsed.isPresent()) {
      Duration duration = parsed.get();
      Claim.that(!duration.isNegative(), "no duration is negative");
      Claim.that(
          Durations.parse(Durations.text(duration)).equals(parsed), "a duration can be told again");
    }
  }
}
