package dev.coatcheck.cli.watch;

import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;

/** Words and signs for where a job stands. */
public final class Phrase {

  private Phrase() {}

  /** For example {@code queued (backoff)}, {@code timed out}. */
  public static String status(String status, String waitReason) {
    String words = Inert.line(status.replace('_', ' '));
    return waitReason.isEmpty()
        ? words
        : words + " (" + Inert.line(waitReason.replace('_', ' ')) + ")";
  }

  public static String paint(String status, String text, Ink ink) {
    return switch (status) {
      case "succeeded" -> ink.green(text);
      case "failed", "timed_out" -> ink.red(text);
      case "canceled" -> ink.yellow(text);
      case "running" -> ink.cyan(text);
      default -> text;
    };
  }

  public static String sign(String status, Ink ink) {
    return switch (status) {
      case "succeeded" -> ink.green("✔");
      case "failed", "timed_out" -> ink.red("✘");
      case "canceled" -> ink.yellow("■");
      default -> " ";
    };
  }

  /** What a job is doing right now, in a few words; safe to show. */
  static String doing(Track track) {
    if (!track.streamed().isEmpty() && track.detail().isEmpty()) {
      return "…" + Inert.line(track.streamed()).stripTrailing();
    }
    String attempt = track.attempt() > 1 ? "attempt " + track.attempt() + " · " : "";
    if ("running".equals(track.status()) && track.waitReason().isEmpty()) {
      return attempt + (track.detail().isEmpty() ? "running" : Inert.line(track.detail()));
    }
    String why = track.trouble().isEmpty() ? "" : " · " + Inert.line(track.trouble());
    return attempt + status(track.status(), track.waitReason()) + why;
  }
}
