package dev.coatcheck.server.edge;

import org.eclipse.jetty.server.Request;

/** Decides whether a request may come in; throws a problem if not. */
public interface Doorman {

  void check(Request request);

  /** How the server runs, in the word that {@code /v1/system} tells. */
  String mode();
}
