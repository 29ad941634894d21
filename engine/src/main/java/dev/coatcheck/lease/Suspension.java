package dev.coatcheck.lease;

import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt waits for a callback, holding nothing meanwhile.
 *
 * @param timeout how long at most; the job's deadline ends the wait too
 * @param state what the attempt is to find again, at most {@link #STATE_MAX} bytes
 * @param onTimeout whether it fails with {@code callback_timeout} or goes on without a callback
 */
public record Suspension(
    Duration timeout, @Nullable Payload state, OnTimeout onTimeout, Usage usage) {

  public static final int STATE_MAX = 64 * 1024;

  /** What happens when no callback has come in time. */
  public enum OnTimeout {
    FAIL,
    RESUME
  }

  public Suspension {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive");
    }
    if (state != null && state.size() > STATE_MAX) {
      throw new IllegalArgumentException("state is larger than " + STATE_MAX + " bytes");
    }
  }
}
