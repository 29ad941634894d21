package dev.coatcheck.store.postgres;

import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.base.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the database to the newest schema, forward only, each step in a transaction of its own.
 * Nodes that start together take turns.
 */
final class Migrations {

  /** In order; what has been released is never changed. */
  static final List<String> STEPS = List.of("0001_initial.sql");

  private Migrations() {}

  static void run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (version(statement) < STEPS.size()) {
        prepare(statement);
        connection.commit();
      }
      while (step(statement)) {
        connection.commit();
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static void prepare(Statement statement) throws SQLException {
    lock(statement);
    statement.execute("CREATE SCHEMA IF NOT EXISTS coatcheck");
    statement.execute(
        "CREATE TABLE IF NOT EXISTS coatcheck.schema_version (version integer NOT NULL)");
  }

  private static void lock(Statement statement) throws SQLException {
    statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('coatcheck schema', 0))");
  }

  /** Takes the next step; false if there is none. */
  private static boolean step(Statement statement) throws SQLException {
    int version = version(statement);
    if (version < STEPS.size()) {
      lock(statement);
      version = version(statement);
    }
    if (version > STEPS.size()) {
      throw new StoreRefusedException(
          "the database has schema " + version + ", newer than this program's " + STEPS.size(),
          null);
    }
    if (version == STEPS.size()) {
      return false;
    }
    String script = Statements.resource(Sql.class, "migration/" + STEPS.get(version));
    for (String sql : Statements.script(script)) {
      statement.execute(sql);
    }
    statement.execute("DELETE FROM coatcheck.schema_version");
    statement.execute("INSERT INTO coatcheck.schema_version VALUES (" + (version + 1) + ")");
    return true;
  }

  private static int version(Statement statement) throws SQLException {
    if (number(statement, "SELECT count(to_regclass('coatcheck.schema_version'))") == 0) {
      return 0;
    }
    return number(statement, "SELECT coalesce(max(version), 0) FROM coatcheck.schema_version");
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getInt(1) : 0;
    }
  }
}
