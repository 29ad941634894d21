package dev.coatcheck.workers.summarize.document;

/**
 * The input cannot be summarized, and trying again would not help. The message is meant for the
 * submitter.
 */
public final class UnsupportedInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnsupportedInputException(String message) {
    super(message);
  }
}
