package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Reader;
import dev.coatcheck.store.base.Weights;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/**
 * A real PostgreSQL for tests: the one that {@code COATCHECK_TEST_DATABASE} names, or an embedded
 * one that lives as long as the JVM.
 */
final class TestDatabase {

  private static final String URL = start();

  /** Connections for one store after the other: to make them takes longer than most tests. */
  private static final AtomicReference<Pools> POOLS = new AtomicReference<>();

  private TestDatabase() {}

  static synchronized PostgresStore open(PostgresOptions options) throws SQLException {
    return new PostgresStore(options, Url.parse(URL), pools(), () -> {});
  }

  private static synchronized Pools pools() throws SQLException {
    if (POOLS.get() == null) {
      POOLS.set(Pools.open(Url.parse(URL)));
    }
    return POOLS.get();
  }

  /** Reads without being a node. */
  static Reader reader(StoreClock clock, Set<String> indexedMetadata) {
    try {
      PostgresOptions options =
          new PostgresOptions(
              URL,
              null,
              new SplittableRandom(1),
              PostgresOptions.LEASE,
              indexedMetadata,
              Weights.EVEN);
      return new PostgresReader(pools().reads(), clock, new LowWater(), options);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static String url() {
    return URL;
  }

  private static String start() {
    String named = System.getenv("COATCHECK_TEST_DATABASE");
    if (named != null) {
      return named;
    }
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
      return "postgresql://postgres@localhost:" + postgres.getPort() + "/postgres";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Connection connect() throws SQLException {
    return connect("");
  }

  /** With options of the driver, like {@code &name=value}. */
  static Connection connect(String options) throws SQLException {
    Url url = Url.parse(URL);
    return DriverManager.getConnection(
        url.jdbc() + options, url.user().orElse(""), url.password().orElse(""));
  }

  /** How many rows a table of the store has. */
  static long count(String table) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM coatcheck." + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Waits until a transaction waits for another, at no {@link Gate}. */
  static void untilBlocked() {
    Awaitility.await()
        .until(() -> {
          try (Connection connection = connect();
              Statement statement = connection.createStatement();
              ResultSet rows =
                  statement.executeQuery(
                      "SELECT count(*) > 0 FROM pg_stat_activity"
                          + " WHERE wait_event_type = 'Lock' AND wait_event <> 'advisory'"
                          + " AND query LIKE '%coatcheck.%'")) {
            return rows.next() && rows.getBoolean(1);
          }
        });
  }

  /** Empties all tables of a store, if there are any; they are small, and TRUNCATE is slow. */
  static void clear() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('coatcheck')"
                  + " AND relkind IN ('r', 'p') AND NOT relispartition"
                  + " AND relname NOT IN ('schema_version', 'cluster')")) {
        while (rows.next()) {
          tables.add("coatcheck." + rows.getString(1));
        }
      }
      if (!tables.isEmpty()) {
        statement.execute("DELETE FROM " + String.join("; DELETE FROM ", tables));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
