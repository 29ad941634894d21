package dev.coatcheck.cli.watch;

import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.client.WatchView;
import dev.coatcheck.cli.screen.Bar;
import dev.coatcheck.cli.screen.Inert;
import java.io.PrintStream;
import java.util.Optional;

/** Plain lines for a log or a pipe: one for each change that matters. */
public final class LineView implements WatchView {

  private final PrintStream out;
  private final String prefix;
  private final boolean tellsEnd;
  private int shown = -1;

  private LineView(PrintStream out, String label, boolean tellsEnd) {
    this.out = out;
    this.tellsEnd = tellsEnd;
    this.prefix = label.isEmpty() ? "" : Inert.line(label) + "  ";
  }

  /** One of several jobs, each line with its label. */
  public static LineView labelled(PrintStream out, String label) {
    return new LineView(out, label, true);
  }

  /** A single job whose end somebody else tells. */
  public static LineView untilTheEnd(PrintStream out) {
    return new LineView(out, "", false);
  }

  @Override
  public void changed(Track before, Track after) {
    describe(before, after).ifPresent(text -> out.println(prefix + text));
  }

  @Override
  public void note(String text) {
    out.println(prefix + Inert.line(text));
  }

  /** What to say about a change; nothing if it is too small. */
  private Optional<String> describe(Track before, Track after) {
    boolean moved =
        !before.status().equals(after.status())
            || !before.waitReason().equals(after.waitReason())
            || before.attempt() != after.attempt();
    if (after.done()) {
      return before.done() || !tellsEnd ? Optional.empty() : Optional.of(ended(after));
    }
    if (moved) {
      shown = -1;
      return Optional.of(Phrase.doing(after));
    }
    boolean newDetail = !after.detail().isEmpty() && !before.detail().equals(after.detail());
    if (after.fraction().isPresent() && tenths(after) > shown) {
      shown = tenths(after);
      return Optional.of(Bar.percent(after.fraction().getAsDouble()) + "  " + Phrase.doing(after));
    }
    return newDetail && after.fraction().isEmpty()
        ? Optional.of(Phrase.doing(after))
        : Optional.empty();
  }

  private static int tenths(Track track) {
    return (int) Math.floor(10 * Math.clamp(track.fraction().orElse(0), 0.0, 1.0) + 1e-9);
  }

  private static String ended(Track track) {
    String end = Phrase.status(track.status(), "");
    return track.trouble().isEmpty() ? end : end + " · " + Inert.line(track.trouble());
  }
}
