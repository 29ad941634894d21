package dev.coatcheck.cli.watch;

import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.client.WatchView;
import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.LiveBlock;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.cli.screen.Widths;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bars on a terminal, one for each watched job, redrawn ten times a second until closed. */
public final class LiveView implements AutoCloseable {

  private static final long FRAME_MILLIS = 100;
  private static final int LABEL_LIMIT = 26;

  private final LiveBlock block;
  private final ProgressLine line;
  private final Screen screen;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Thread painter;
  private String note = "";
  private long tick;
  private boolean closed;

  /** What one bar shows; its clock stops when the job is done. */
  private static final class Row {

    private final String label;
    private final long seenNanos = System.nanoTime();
    private Track track;
    private long millis;

    Row(String label, Track track) {
      this.label = label;
      this.track = track;
    }
  }

  /**
   * @param labels the jobs, by what they are called
   */
  public LiveView(Screen screen, Map<String, Track> labels) {
    this.screen = screen;
    this.block = new LiveBlock(screen.out());
    labels.forEach((label, track) -> rows.put(label, new Row(label, track)));
    int longest = labels.keySet().stream().map(Inert::line).mapToInt(Widths::of).max().orElse(0);
    int labelWidth = Math.min(longest, Math.max(8, Math.min(LABEL_LIMIT, screen.width() / 3)));
    this.line = new ProgressLine(screen.ink(), screen.width(), labelWidth);
    this.painter = Thread.ofPlatform().daemon().name("coatcheck-painter").start(this::paint);
  }

  /** The view of one of the jobs. */
  public WatchView of(String label) {
    return new WatchView() {
      @Override
      public void changed(Track before, Track after) {
        set(label, after);
      }

      @Override
      public void note(String text) {
        say(text);
      }
    };
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      note = "";
      notifyAll();
    }
    try {
      painter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void set(String label, Track track) {
    Row row = rows.get(label);
    if (row != null && !row.track.done()) {
      row.track = track;
      row.millis = elapsed(row);
      note = "";
    }
  }

  private synchronized void say(String text) {
    note = Inert.line(text);
  }

  private synchronized void paint() {
    try {
      while (!closed) {
        block.draw(frame());
        wait(FRAME_MILLIS);
      }
      block.draw(frame());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> frame() {
    tick++;
    List<String> lines = new ArrayList<>();
    for (Row row : rows.values()) {
      if (!row.track.done()) {
        row.millis = elapsed(row);
      }
      lines.add(line.render(row.label, row.track, row.millis, tick));
    }
    lines.add(screen.ink().dim(Widths.cut(note, screen.width() - 1)));
    return lines;
  }

  /** Since the job started, or since it is watched, whichever is longer. */
  private static long elapsed(Row row) {
    long watched = (System.nanoTime() - row.seenNanos) / 1_000_000;
    long ran =
        row.track
            .startedAt()
            .map(start -> Duration.between(start, Instant.now()).toMillis())
            .orElse(0L);
    return Math.max(watched, ran);
  }
}
