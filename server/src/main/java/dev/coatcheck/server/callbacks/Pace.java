package dev.coatcheck.server.callbacks;

import dev.coatcheck.job.Payload;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets each token call so often. Of very many tokens those that called longest ago are forgotten.
 */
final class Pace {

  static final int PER_SECOND = 10;

  private static final int TOKENS_MAX = 10_000;

  private final TimeMeter time;
  private final Map<Payload, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Payload, Bucket> eldest) {
          return size() > TOKENS_MAX;
        }
      };

  Pace() {
    this(TimeMeter.SYSTEM_NANOTIME);
  }

  /** For tests that set the time. */
  Pace(TimeMeter time) {
    this.time = time;
  }

  /**
   * Takes note of a call.
   *
   * @param hash of the token: what is kept here is of no use to anybody
   * @return how long to wait before the next try; zero if this call may go on
   */
  Duration call(Payload hash) {
    ConsumptionProbe probe = bucket(hash).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
  }

  private synchronized Bucket bucket(Payload hash) {
    return buckets.computeIfAbsent(
        hash,
        key ->
            Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit ->
                    limit.capacity(PER_SECOND).refillGreedy(PER_SECOND, Duration.ofSeconds(1)))
                .build());
  }
}
