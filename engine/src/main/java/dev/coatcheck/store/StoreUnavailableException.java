package dev.coatcheck.store;

import org.jspecify.annotations.Nullable;

/**
 * The store did not take or tell something: full, failing, closed. What was asked may be repeated.
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
