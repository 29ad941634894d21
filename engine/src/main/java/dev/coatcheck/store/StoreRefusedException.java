package dev.coatcheck.store;

import org.jspecify.annotations.Nullable;

/** The store cannot be opened: owned by another process, newer than this program, not a store. */
public final class StoreRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
