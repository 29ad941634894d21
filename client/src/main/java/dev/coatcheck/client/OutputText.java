package dev.coatcheck.client;

/** Puts the output of a job together as it comes. Not safe for use by several threads. */
public final class OutputText implements JobListener {

  private final StringBuilder text = new StringBuilder();
  private int epoch;

  /** Takes output events; others change nothing. */
  @Override
  public void on(JobEvent event) {
    if (event instanceof JobEvent.Output output && output.epoch() >= epoch) {
      if (output.epoch() > epoch) {
        text.setLength(0);
        epoch = output.epoch();
      }
      output.chunks().forEach(text::append);
    }
  }

  /** All chunks of the latest attempt. */
  @Override
  public String toString() {
    return text.toString();
  }
}
