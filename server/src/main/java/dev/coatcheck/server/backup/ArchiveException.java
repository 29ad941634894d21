package dev.coatcheck.server.backup;

/** A file is no whole backup; the message says what is wrong with it. */
public final class ArchiveException extends Exception {

  private static final long serialVersionUID = 1L;

  ArchiveException(String message) {
    super(message);
  }
}
