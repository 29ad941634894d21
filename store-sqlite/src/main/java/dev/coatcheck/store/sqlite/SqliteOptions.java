package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.base.Weights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How to open a store.
 *
 * @param path the database file; its directory is created if missing
 * @param leaseDuration what leases of remote runners are extended by at the opening
 * @param indexedMetadata metadata keys that lists can be filtered by
 * @param weights of the lanes
 * @param clock the store's clock
 * @param random source of the secrets in lease tokens
 */
public record SqliteOptions(
    Path path,
    Duration leaseDuration,
    Set<String> indexedMetadata,
    Weights weights,
    InstantSource clock,
    RandomGenerator random) {

  public static final Set<String> INDEXED_METADATA = Set.of("user");
  public static final Duration LEASE_DURATION = Duration.ofSeconds(30);

  public SqliteOptions {
    indexedMetadata = Set.copyOf(indexedMetadata);
  }

  public static SqliteOptions of(Path path, InstantSource clock, RandomGenerator random) {
    return new SqliteOptions(path, LEASE_DURATION, INDEXED_METADATA, Weights.EVEN, clock, random);
  }

  public SqliteOptions withLease(Duration lease) {
    return new SqliteOptions(path, lease, indexedMetadata, weights, clock, random);
  }

  public SqliteOptions withIndexedMetadata(Set<String> keys) {
    return new SqliteOptions(path, leaseDuration, keys, weights, clock, random);
  }

  public SqliteOptions withWeights(Weights ofLanes) {
    return new SqliteOptions(path, leaseDuration, indexedMetadata, ofLanes, clock, random);
  }
}
