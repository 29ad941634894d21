package dev.coatcheck.server.pages.show;

import dev.coatcheck.job.Phase;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.server.json.JsonOut;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How times, durations and numbers are written for people. */
public final class Figures {

  private static final DateTimeFormatter ABSOLUTE =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Figures() {}

  /** For machines: RFC 3339. */
  public static String iso(Instant at) {
    return JsonOut.text(at);
  }

  public static String absolute(Instant at) {
    return ABSOLUTE.format(at);
  }

  /** How long ago, or in how long. The page's script says it in the same words. */
  public static String relative(Instant at, Instant now) {
    Duration ago = Duration.between(at, now);
    long seconds = Math.abs(ago.toSeconds());
    if (seconds < 2) {
      return "now";
    }
    String text =
        seconds < 60
            ? seconds + " s"
            : seconds < 3_600
                ? seconds / 60 + " min"
                : seconds < 172_800
                    ? seconds / 3_600 + " h"
                    : Math.round(seconds / 86_400.0) + " d";
    return ago.isNegative() ? "in " + text : text + " ago";
  }

  public static String duration(@Nullable Duration duration) {
    if (duration == null) {
      return "–";
    }
    long millis = Math.max(0, duration.toMillis());
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    if (millis < 3_600_000) {
      return millis / 60_000 + " min " + millis / 1000 % 60 + " s";
    }
    return millis < 172_800_000
        ? millis / 3_600_000 + " h " + millis / 60_000 % 60 + " min"
        : millis / 86_400_000 + " d " + millis / 3_600_000 % 24 + " h";
  }

  public static String millis(long millis) {
    return duration(Duration.ofMillis(millis));
  }

  public static String count(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  public static String percent(double share) {
    // Only what is whole is told as a hundred.
    double percent = share >= 1 ? 100 : Math.min(999, Math.round(share * 1000)) / 10.0;
    return (percent == Math.rint(percent)
            ? Long.toString((long) percent)
            : Double.toString(percent))
        + " %";
  }

  public static String bytes(long bytes) {
    return bytes < 1_000
        ? bytes + " B"
        : bytes < 1_000_000
            ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
            : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  /** What a job was doing. */
  public static String phase(Phase phase) {
    return phase == Phase.SUSPENDED ? "suspended" : words(phase.status().wire());
  }

  /** Why a job waits, beside its status. */
  public static String reason(WaitReason reason) {
    return reason == WaitReason.CALLBACK ? "waiting for a callback" : words(reason.wire());
  }

  /** A name for people: {@code timed_out} becomes {@code timed out}. */
  public static String words(String name) {
    return name.replace('_', ' ');
  }

  /** The text, cut if it is longer. */
  public static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most).strip() + "…";
  }
}
