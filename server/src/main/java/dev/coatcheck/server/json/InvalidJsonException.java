package dev.coatcheck.server.json;

/** Text that is not the strict JSON which is accepted here. */
public final class InvalidJsonException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String pointer;

  InvalidJsonException(String message, String pointer) {
    super(message);
    this.pointer = pointer;
  }

  public String detail() {
    String message = getMessage();
    return message == null ? "not JSON" : message;
  }

  /** The place, as a JSON pointer; empty for the document itself. */
  public String pointer() {
    return pointer;
  }
}
