package dev.coatcheck.client.work;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The attempt waits for a callback to {@link WorkContext#callbackUrl}, holding no thread and no
 * slot. When it comes, the handler is called again in the same attempt, perhaps in another process,
 * with {@link WorkContext#resume}.
 */
public final class Suspend extends NotDone {

  private static final long serialVersionUID = 1L;

  private final transient Duration timeout;
  private final transient @Nullable Object state;
  private final boolean resumeOnTimeout;

  private Suspend(Duration timeout, @Nullable Object state, boolean resumeOnTimeout) {
    super("suspended");
    this.timeout = timeout;
    this.state = state;
    this.resumeOnTimeout = resumeOnTimeout;
  }

  /** At most so long; then the attempt fails as {@code callback_timeout}. */
  public static Suspend atMost(Duration timeout) {
    return new Suspend(timeout, null, false);
  }

  /** What the handler wants to know when it is called again; becomes JSON of at most 64 KiB. */
  public Suspend state(Object newState) {
    return new Suspend(timeout, newState, resumeOnTimeout);
  }

  /** When time is up, calls the handler again instead of failing. */
  public Suspend resumeOnTimeout() {
    return new Suspend(timeout, state, true);
  }

  public Duration timeout() {
    return timeout;
  }

  /** Null if none was given. */
  public @Nullable Object state() {
    return state;
  }

  public boolean resumesOnTimeout() {
    return resumeOnTimeout;
  }
}
