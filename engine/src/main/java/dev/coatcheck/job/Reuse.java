package dev.coatcheck.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a job may share with others that ask for the same work.
 *
 * @param likeness digest of worker, version and input: equal for the same work of a tenant
 * @param cached whether a success that is kept may answer the job at once
 * @param keep how long its own success is kept to answer others; null for not at all
 * @param inflight whether it shares one run with all that ask for the same work meanwhile
 */
public record Reuse(Payload likeness, boolean cached, @Nullable Duration keep, boolean inflight) {

  /** The same for a job that no kept success may answer. */
  public Reuse anew() {
    return new Reuse(likeness, false, keep, inflight);
  }
}
