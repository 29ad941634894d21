package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.base.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the file to the newest schema, forward only, each step in a transaction of its own. The
 * file's {@code user_version} is the number of steps it has taken.
 */
final class Migrations {

  /** In order; what has been released is never changed. */
  static final List<String> STEPS =
      List.of(
          "0001_initial.sql",
          "0002_files.sql",
          "0003_runners.sql",
          "0004_restores.sql",
          "0005_reuse.sql");

  /** "COAT": tells our files from those of others. */
  static final int APPLICATION_ID = 0x434F4154;

  private Migrations() {}

  static void run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version = number(statement, "PRAGMA user_version");
      boolean ours = number(statement, "PRAGMA application_id") == APPLICATION_ID;
      if (!ours && number(statement, "SELECT count(*) FROM sqlite_schema") > 0) {
        throw new StoreRefusedException("the file is a database of another program", null);
      }
      if (version > STEPS.size()) {
        throw new StoreRefusedException(
            "the file has schema " + version + ", newer than this program's " + STEPS.size(), null);
      }
      for (int step = version; step < STEPS.size(); step++) {
        take(statement, step);
      }
    }
  }

  private static void take(Statement statement, int step) throws SQLException {
    statement.execute("BEGIN IMMEDIATE");
    try {
      for (String sql : Statements.script(Sql.resource("migration/" + STEPS.get(step)))) {
        statement.execute(sql);
      }
      statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      statement.execute("PRAGMA user_version = " + (step + 1));
      statement.execute("COMMIT");
    } catch (SQLException e) {
      statement.execute("ROLLBACK");
      throw e;
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getInt(1) : 0;
    }
  }
}
