package dev.coatcheck.client;

import java.io.IOException;

/** The server did not answer for longer than the caller's patience. */
public final class ServerUnreachable extends CoatcheckException {

  private static final long serialVersionUID = 1L;

  ServerUnreachable(IOException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
