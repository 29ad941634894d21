package dev.coatcheck.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;

/** Commits, and believes it only if it is durable. */
final class Commit {

  private Commit() {}

  /**
   * Commits. A server that was told to cancel a commit while it waited for its standby, by hand or
   * by a {@code statement_timeout}, answers with success and a warning: then it is not known either
   * whether the change outlives the server.
   */
  static void durably(Connection connection) throws SQLException {
    connection.commit();
    SQLWarning warning = connection.getWarnings();
    if (warning != null) {
      throw new SQLException(
          "committed with a warning: " + warning.getMessage(), warning.getSQLState(), warning);
    }
  }
}
