package dev.coatcheck.store;

import org.jspecify.annotations.Nullable;

/**
 * The store did not take or tell something: full, failing, closed. What was asked may be repeated,
 * unless it is {@link #lasting}.
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  private StoreUnavailableException(String message, @Nullable Throwable cause, boolean lasting) {
    super(message, cause);
    this.lasting = lasting;
  }

  /** The store takes nothing more until it is opened again. */
  public static StoreUnavailableException untilReopened(String message, @Nullable Throwable cause) {
    return new StoreUnavailableException(message, cause, true);
  }

  /** Whether repeating is in vain as long as this store is open. */
  public boolean lasting() {
    return lasting;
  }

  /** The same, as thrown here: one failure may go to many callers. */
  public StoreUnavailableException again() {
    return new StoreUnavailableException(String.valueOf(getMessage()), getCause(), lasting);
  }
}
