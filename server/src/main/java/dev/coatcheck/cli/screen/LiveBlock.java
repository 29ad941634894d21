package dev.coatcheck.cli.screen;

import java.io.PrintStream;
import java.util.List;

/** Lines at the bottom of a terminal that are drawn over themselves. */
public final class LiveBlock {

  private static final String ERASE_LINE = "\u001b[2K";

  private final PrintStream out;
  private int drawn;

  public LiveBlock(PrintStream out) {
    this.out = out;
  }

  /** Each line must fit the width of the terminal, else the block climbs. */
  public synchronized void draw(List<String> lines) {
    StringBuilder frame = new StringBuilder();
    if (drawn > 0) {
      frame.append("\u001b[").append(drawn).append('A');
    }
    for (String line : lines) {
      frame.append('\r').append(ERASE_LINE).append(line).append('\n');
    }
    out.print(frame);
    out.flush();
    drawn = lines.size();
  }
}
