package dev.coatcheck.server.edge;

import org.eclipse.jetty.server.Request;

/** Whoever is at the other end of a connection. */
public final class Peer {

  private Peer() {}

  /**
   * Whether it has closed the connection, as far as can be told without waiting. To be asked by the
   * thread that handles the request, after the request's body was read whole.
   */
  public static boolean gone(Request request) {
    return request.getConnectionMetaData().getConnection() instanceof WatchedConnection connection
        && connection.peerGone();
  }
}
