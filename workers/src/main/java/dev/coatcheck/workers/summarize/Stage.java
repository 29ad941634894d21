package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The stages of a summary, and which part of the whole each is: about its share of the time. */
enum Stage {
  READING(0.0, 0.1),
  SPLITTING(0.1, 0.25),
  WEIGHING(0.25, 0.75),
  RANKING(0.75, 0.85),
  CHOOSING(0.85, 1.0);

  private final double start;
  private final double end;

  Stage(double start, double end) {
    this.start = start;
    this.end = end;
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reports that this stage begins, and gives the checkpoint for it. */
  Checkpoint begin(Progress progress, @Nullable String message) {
    return begin(progress.part(start, end), message, label());
  }

  /** The same where this stage is the whole of what the progress is about. */
  Checkpoint alone(Progress progress) {
    return begin(progress, null, label());
  }

  private static Checkpoint begin(Progress progress, @Nullable String message, String label) {
    progress.report(0, label, message);
    return new Checkpoint() {
      @Override
      public void pass(double fraction) {
        progress.report(fraction, label, message);
      }

      @Override
      public void pass(double fraction, String news) {
        progress.report(fraction, label, news);
      }
    };
  }

  /** Reports that this stage, and with the last one everything, is done. */
  void finish(Progress progress) {
    progress.report(end, label(), null);
  }
}
