package dev.coatcheck.store;

import dev.coatcheck.lease.LeaseToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of one listed lease; {@code expiresAt} is null when it is lost. */
public record Renewal(LeaseToken lease, @Nullable Instant expiresAt) {

  public boolean held() {
    return expiresAt != null;
  }
}
