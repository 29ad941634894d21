package dev.coatcheck.workers.summarize.document;

/**
 * Where a long step says how far it is. It may throw, which ends the step: this is how a
 * cancellation or a deadline reaches work that never waits.
 */
@FunctionalInterface
public interface Checkpoint {

  /** How many small units of work (sentences, blocks) may pass between two calls. */
  int STRIDE = 1024;

  /**
   * Called with the finished share of the step.
   *
   * @param fraction 0 to 1
   */
  void pass(double fraction);

  /** The same, with something to say about it, such as {@code page 12 of 300}. */
  default void pass(double fraction, String message) {
    pass(fraction);
  }

  /** The checkpoint for a part of this step, from one fraction to another. */
  default Checkpoint part(double from, double to) {
    Checkpoint whole = this;
    return new Checkpoint() {
      @Override
      public void pass(double fraction) {
        whole.pass(from + (to - from) * fraction);
      }

      @Override
      public void pass(double fraction, String message) {
        whole.pass(from + (to - from) * fraction, message);
      }
    };
  }

  /** Passes once in {@link #STRIDE} calls; for loops whose turns are short. */
  default void pass(int done, int total) {
    if (done % STRIDE == 0) {
      pass(total == 0 ? 1.0 : (double) done / total);
    }
  }
}
