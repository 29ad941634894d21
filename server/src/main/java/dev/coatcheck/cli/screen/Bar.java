package dev.coatcheck.cli.screen;

/** A progress bar as text. */
public final class Bar {

  private static final String[] PARTS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

  /** 0.29 times 100 is a little less than 29. */
  private static final double ROUNDING = 1e-9;

  private Bar() {}

  /** For example {@code 40 %}; only what is whole counts. */
  public static String percent(double fraction) {
    return (int) Math.floor(100 * Math.clamp(fraction, 0.0, 1.0) + ROUNDING) + " %";
  }

  /** The filled part in eighths of a column, then the rest as a thin line. */
  public static String of(double fraction, int width, Ink ink) {
    double bounded = Math.clamp(Double.isNaN(fraction) ? 0 : fraction, 0.0, 1.0);
    int eighths = (int) Math.floor(bounded * width * 8);
    String filled = "█".repeat(eighths / 8) + PARTS[eighths % 8];
    return ink.cyan(filled) + ink.dim("─".repeat(width - Widths.of(filled)));
  }

  /** A bar for work that does not tell how far it is: a block that wanders to and fro. */
  public static String wandering(long tick, int width, Ink ink) {
    int block = Math.min(4, width);
    int room = width - block;
    int phase = room == 0 ? 0 : (int) (tick % (2L * room));
    int at = phase <= room ? phase : 2 * room - phase;
    return ink.dim("─".repeat(at)) + ink.cyan("█".repeat(block)) + ink.dim("─".repeat(room - at));
  }
}
