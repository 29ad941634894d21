package dev.coatcheck.store.postgres;

import dev.coatcheck.store.base.Millis;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The database's clock: the only one that all nodes share. */
interface StoreClock {

  /**
   * What a transaction begins with.
   *
   * @param workersChange the last change of the workers
   */
  record Opening(Instant now, long workersChange) {}

  Opening opening(Session session) throws SQLException;

  /** What time it is when the database has told its own. */
  default Instant now(Instant database) {
    return database;
  }

  /** The time by a clock in place of the database's; null for that. */
  default @Nullable Instant given() {
    return null;
  }

  /** The database's own. */
  static StoreClock database() {
    return session ->
        Objects.requireNonNull(
            session.bind(Sql.OPENING).first(row -> new Opening(row.time(), row.number())));
  }

  /** Another clock in its place, for tests. */
  static StoreClock of(InstantSource source) {
    return new StoreClock() {
      @Override
      public Opening opening(Session session) throws SQLException {
        return new Opening(now(Instant.EPOCH), database().opening(session).workersChange());
      }

      @Override
      public Instant given() {
        return Millis.of(source.instant());
      }

      @Override
      public Instant now(Instant database) {
        return Millis.of(source.instant());
      }
    };
  }
}
