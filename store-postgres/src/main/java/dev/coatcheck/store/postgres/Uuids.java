package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import java.util.UUID;

/** Our ids as PostgreSQL keeps sixteen bytes: in the same order. */
final class Uuids {

  private Uuids() {}

  static UUID of(JobId id) {
    return new UUID(id.high(), id.low());
  }

  static UUID of(FileId id) {
    return new UUID(id.high(), id.low());
  }

  static UUID of(RunnerId id) {
    return new UUID(id.high(), id.low());
  }

  /** The secret of a token: the id of its lease. */
  static UUID secret(LeaseToken token) {
    return new UUID(token.secretHigh(), token.secretLow());
  }

  static JobId job(UUID uuid) {
    return new JobId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  static LeaseToken token(JobId job, long fence, UUID secret) {
    return new LeaseToken(
        job, fence, secret.getMostSignificantBits(), secret.getLeastSignificantBits());
  }
}
