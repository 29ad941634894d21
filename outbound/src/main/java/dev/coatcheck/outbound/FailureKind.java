package dev.coatcheck.outbound;

/** Why an exchange failed. */
public enum FailureKind {
  /** An address of the host must not be called. */
  BLOCKED(FailureKind.UNREACHABLE),
  /** The host has no address, or it could not be found out. */
  DNS(FailureKind.UNREACHABLE),
  /** No address took the connection in time. */
  CONNECT(FailureKind.UNREACHABLE),
  /** No TLS, or not with the host that was meant. */
  TLS("No secure connection to the host could be made."),
  /** There was a connection, but not the whole answer in time. */
  TIMEOUT("The host did not answer in time."),
  /** The head or the body of the answer is larger than its limit. */
  TOO_LARGE("The answer of the host is too large."),
  /** The connection broke, or what came is not HTTP. */
  BROKEN("The host broke off the connection or its answer is malformed.");

  /** One text for three kinds: whoever could tell them apart could scan the network behind us. */
  private static final String UNREACHABLE = "The host cannot be reached.";

  private final String publicMessage;

  FailureKind(String publicMessage) {
    this.publicMessage = publicMessage;
  }

  /** A sentence for tenants, which tells nothing of the network. */
  public String publicMessage() {
    return publicMessage;
  }
}
