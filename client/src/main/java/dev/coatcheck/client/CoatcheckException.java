package dev.coatcheck.client;

/** Whatever can go wrong between a caller and a server. */
public abstract sealed class CoatcheckException extends RuntimeException
    permits ProblemException, ServerUnreachable, JobFailed, JobStillOpen {

  private static final long serialVersionUID = 1L;

  CoatcheckException(String message) {
    super(message);
  }

  CoatcheckException(String message, Throwable cause) {
    super(message, cause);
  }
}
