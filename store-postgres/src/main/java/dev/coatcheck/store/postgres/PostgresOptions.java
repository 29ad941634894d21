package dev.coatcheck.store.postgres;

import dev.coatcheck.store.base.Weights;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, and how this node works with it.
 *
 * @param url {@code postgresql://[user[:password]@]host[:port][,host…]/database[?option=value…]},
 *     options as of the JDBC driver
 * @param clock null for the database's own
 * @param leaseDuration how long a node or a remote runner may be silent before its work is taken
 *     away
 * @param indexedMetadata keys of metadata that lists can be filtered by
 * @param weights of the lanes
 */
public record PostgresOptions(
    String url,
    @Nullable InstantSource clock,
    RandomGenerator random,
    Duration leaseDuration,
    Set<String> indexedMetadata,
    Weights weights) {

  public static final Duration LEASE = Duration.ofSeconds(30);

  public static PostgresOptions of(String url, RandomGenerator random) {
    return new PostgresOptions(url, null, random, LEASE, Set.of("user"), Weights.EVEN);
  }

  public PostgresOptions withLease(Duration lease) {
    return new PostgresOptions(url, clock, random, lease, indexedMetadata, weights);
  }

  public PostgresOptions withIndexedMetadata(Set<String> keys) {
    return new PostgresOptions(url, clock, random, leaseDuration, keys, weights);
  }

  public PostgresOptions withWeights(Weights ofLanes) {
    return new PostgresOptions(url, clock, random, leaseDuration, indexedMetadata, ofLanes);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "PostgresOptions[" + Url.parse(url) + "]";
  }
}
