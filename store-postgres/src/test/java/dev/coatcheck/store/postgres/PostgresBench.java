package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.StoreBench;
import java.sql.SQLException;
import java.util.Set;
import java.util.SplittableRandom;

/** The PostgreSQL store on a bench, in a database that is emptied first. */
final class PostgresBench extends StoreBench {

  private long openings;

  @Override
  public boolean exact() {
    return false;
  }

  PostgresOptions options() {
    return new PostgresOptions(
        TestDatabase.url(),
        clock(),
        new SplittableRandom(++openings),
        LEASE,
        Set.of("user"),
        WEIGHTS);
  }

  @Override
  protected Store open() {
    TestDatabase.clear();
    return opened();
  }

  @Override
  protected Store reopen(Store old) {
    old.close();
    return opened();
  }

  private PostgresStore opened() {
    try {
      return TestDatabase.open(options());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
