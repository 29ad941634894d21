package dev.coatcheck.lease;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.job.Payload;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt that goes on is given. It is given again to the next one if a grant ends without
 * an answer: lost, busy or released.
 *
 * @param state what the attempt left when it was suspended; null if it left nothing, or was lost
 *     before it could
 * @param callback null after a timeout
 */
public record Resume(Reason reason, @Nullable Payload state, @Nullable Callback callback) {

  /** Why it goes on. */
  public enum Reason {
    CALLBACK,
    TIMEOUT;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in JSON and SQL. */
    public String wire() {
      return wire;
    }

    public static Optional<Reason> parse(String wire) {
      for (Reason reason : values()) {
        if (reason.wire.equals(wire)) {
          return Optional.of(reason);
        }
      }
      return Optional.empty();
    }
  }
}
