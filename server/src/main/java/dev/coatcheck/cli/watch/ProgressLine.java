package dev.coatcheck.cli.watch;

import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.screen.Bar;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Times;
import dev.coatcheck.cli.screen.Widths;

/** One watched job on one line of a terminal; never wider than the terminal. */
final class ProgressLine {

  private static final int BAR = 24;
  private static final int NARROW_BAR = 10;
  private static final int PERCENT = 5;
  private static final int CLOCK = 11;

  /** From these widths on there is room for a long bar, a short one, a clock. */
  private static final int WIDE = 80;

  private static final int MEDIUM = 60;
  private static final int NARROW = 42;

  private final Ink ink;
  private final int width;
  private final int labelWidth;

  ProgressLine(Ink ink, int width, int labelWidth) {
    this.ink = ink;
    this.width = width;
    this.labelWidth = labelWidth;
  }

  /**
   * @param millis how long it has been watched
   * @param tick counts the frames, for what moves by itself
   */
  String render(String label, Track track, long millis, long tick) {
    String name = Widths.pad(Inert.line(label, labelWidth), labelWidth);
    int barWidth = width >= WIDE ? BAR : width >= MEDIUM ? NARROW_BAR : 0;
    String bar = barWidth == 0 ? "" : bar(track, barWidth, tick) + "  ";
    String clock = width >= NARROW ? clock(millis) : "";
    int used = 2 + labelWidth + 2 + (barWidth == 0 ? 0 : barWidth + 2) + PERCENT + 1;
    int room = Math.max(0, width - 1 - used - clock.length());
    return Phrase.sign(track.status(), ink)
        + " "
        + name
        + "  "
        + bar
        + Widths.padLeft(percent(track), PERCENT)
        + " "
        + Phrase.paint(
            track.done() ? track.status() : "",
            Widths.pad(Widths.cut(text(track), room), room),
            ink)
        + ink.dim(clock);
  }

  private static String clock(long millis) {
    return Widths.padLeft(Times.duration(millis < 1000 ? millis : millis / 100 * 100), CLOCK);
  }

  private String bar(Track track, int barWidth, long tick) {
    if ("succeeded".equals(track.status())) {
      return ink.green("█".repeat(barWidth));
    }
    if (track.done() || !"running".equals(track.status())) {
      return Bar.of(track.fraction().orElse(0), barWidth, ink);
    }
    return track.fraction().isPresent()
        ? Bar.of(track.fraction().getAsDouble(), barWidth, ink)
        : Bar.wandering(tick, barWidth, ink);
  }

  private static String percent(Track track) {
    if ("succeeded".equals(track.status())) {
      return "100 %";
    }
    return track.fraction().isPresent() ? Bar.percent(track.fraction().getAsDouble()) : "";
  }

  private static String text(Track track) {
    if (!track.done()) {
      return Phrase.doing(track);
    }
    String end = Phrase.status(track.status(), "");
    return track.trouble().isEmpty() ? end : end + " · " + Inert.line(track.trouble());
  }
}
