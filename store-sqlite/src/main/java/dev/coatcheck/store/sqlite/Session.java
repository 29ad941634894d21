package dev.coatcheck.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

/** One connection and the statements prepared on it. Used by one thread at a time. */
final class Session implements AutoCloseable {

  private final Connection connection;
  private final Map<Sql, PreparedStatement> prepared = new EnumMap<>(Sql.class);

  private final String kind;
  private PreparedStatement begin;
  private PreparedStatement commit;

  /** A session whose transactions begin as {@code BEGIN} and the given word say. */
  private Session(Connection connection, String kind) throws SQLException {
    this.connection = connection;
    this.kind = kind;
    begin = connection.prepareStatement("BEGIN " + kind);
    commit = connection.prepareStatement("COMMIT");
  }

  static Session writing(Connection connection) throws SQLException {
    return new Session(connection, "IMMEDIATE");
  }

  static Session reading(Connection connection) throws SQLException {
    return new Session(connection, "DEFERRED");
  }

  void begin() throws SQLException {
    begin.execute();
  }

  void commit() throws SQLException {
    commit.execute();
  }

  /**
   * Undoes the transaction, and prepares everything anew: the driver finalizes a statement that
   * fails, be it the very one that commits.
   */
  void rollback() throws SQLException {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // Some errors end the transaction by themselves; then there is nothing to roll back.
      System.getLogger(Session.class.getName())
          .log(System.Logger.Level.DEBUG, "nothing to roll back", e);
    }
    forgetStatements();
    begin = connection.prepareStatement("BEGIN " + kind);
    commit = connection.prepareStatement("COMMIT");
  }

  private void forgetStatements() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
    begin.close();
    commit.close();
  }

  PreparedStatement statement(Sql sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql.text());
      prepared.put(sql, statement);
    }
    return statement;
  }

  Bind bind(Sql sql) throws SQLException {
    return new Bind(statement(sql));
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long pageCount() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA page_count")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  @Override
  public void close() throws SQLException {
    forgetStatements();
    connection.close();
  }
}
