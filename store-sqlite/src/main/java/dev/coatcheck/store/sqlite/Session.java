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

  private final PreparedStatement commit;
  private final PreparedStatement rollback;
  private final PreparedStatement begin;

  /** A session whose transactions begin as {@code BEGIN} and the given word say. */
  private Session(Connection connection, String kind) throws SQLException {
    this.connection = connection;
    begin = connection.prepareStatement("BEGIN " + kind);
    commit = connection.prepareStatement("COMMIT");
    rollback = connection.prepareStatement("ROLLBACK");
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

  void rollback() throws SQLException {
    rollback.execute();
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
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    begin.close();
    commit.close();
    rollback.close();
    connection.close();
  }
}
