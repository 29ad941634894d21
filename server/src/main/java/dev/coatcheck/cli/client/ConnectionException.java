package dev.coatcheck.cli.client;

import dev.coatcheck.cli.exit.CliException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;
import javax.net.ssl.SSLException;

/** No answer came: nobody listens, or the connection broke on the way. */
public final class ConnectionException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean unsent;

  private ConnectionException(String message, boolean unsent, IOException cause) {
    super(message, cause);
    this.unsent = unsent;
  }

  static ConnectionException of(Target target, IOException cause) {
    if (unresolved(cause)) {
      return new ConnectionException("Unknown host: " + target.base().getHost(), true, cause);
    }
    return switch (cause) {
      case HttpConnectTimeoutException e ->
          new ConnectionException("No answer from " + target, true, e);
      case ConnectException e ->
          new ConnectionException(
              "No server at " + target + "; start one with ./coatcheck serve", true, e);
      case HttpTimeoutException e ->
          new ConnectionException("The server at " + target + " took too long to answer", false, e);
      case SSLException e ->
          new ConnectionException("No secure connection to " + target + ": " + reason(e), true, e);
      default ->
          new ConnectionException(
              "The connection to " + target + " broke: " + reason(cause), false, cause);
    };
  }

  /** The server cannot have seen the request. */
  public boolean unsent() {
    return unsent;
  }

  public CliException asFailure() {
    return CliException.unreachable(Objects.requireNonNullElse(getMessage(), "No connection"));
  }

  private static boolean unresolved(IOException cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private static String reason(IOException cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
