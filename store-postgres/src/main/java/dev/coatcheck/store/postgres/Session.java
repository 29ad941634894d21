package dev.coatcheck.store.postgres;

import java.sql.Connection;
import java.util.function.UnaryOperator;

/** One connection of the pool, for as long as a piece of work has it. */
record Session(Connection connection) {

  Bind bind(Sql sql) {
    return new Bind(connection, sql, sql.text());
  }

  /** A statement whose limit is a literal. */
  Bind bind(Sql sql, int limit) {
    return new Bind(connection, sql, sql.text().replace(":limit", Integer.toString(limit)));
  }

  /** A statement on tables that it does not name itself. */
  Bind bind(Sql sql, UnaryOperator<String> tables) {
    return new Bind(connection, sql, tables.apply(sql.text()));
  }
}
