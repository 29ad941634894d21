package dev.coatcheck.lend;

import dev.coatcheck.lease.LeaseToken;
import java.time.Instant;
import java.util.Locale;

/** What a heartbeat is told of one lease. */
public sealed interface Verdict {

  LeaseToken lease();

  /** Go on; the lease lasts until then. */
  record Ok(LeaseToken lease, Instant expiresAt) implements Verdict {}

  /** Stop: nothing more of this grant is recorded. */
  record Stop(LeaseToken lease, Reason reason) implements Verdict {}

  /** Why to stop. */
  enum Reason {
    CANCELED,
    /** It ran into its run timeout. */
    TIMED_OUT,
    DEADLINE,
    /** The lease expired, or never was this runner's. */
    LOST,
    /** The runner has ended it itself. */
    FINISHED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name in JSON. */
    public String wire() {
      return wire;
    }
  }
}
