package dev.coatcheck.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms}, {@code 1.5h}, {@code 7d}. */
public final class Durations {

  public static final String FORM =
      "a number and a unit, like \"250ms\", \"30s\", \"20m\", \"2h\", \"7d\"";

  private static final Pattern PATTERN =
      Pattern.compile("^(\\d{1,18}(?:\\.\\d{1,18})?)(ms|s|m|h|d)$");
  private static final Map<String, Long> UNITS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final BigDecimal MOST = BigDecimal.valueOf(Duration.ofDays(366_000).toMillis());

  private Durations() {}

  /** Empty if the text has another form. Parts of a millisecond are dropped. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = UNITS.getOrDefault(matcher.group(2), 1L);
    BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    return Optional.of(Duration.ofMillis(millis.min(MOST).longValue()));
  }

  /** The shortest text of a duration in whole units. */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long size = UNITS.getOrDefault(unit, 1L);
      if (millis != 0 && millis % size == 0) {
        return millis / size + unit;
      }
    }
    return millis + "ms";
  }
}
