package dev.coatcheck.store.postgres;

import java.sql.Connection;

/** One connection of the pool, for as long as a piece of work has it. */
record Session(Connection connection) {

  Bind bind(Sql sql) {
    return new Bind(connection, sql, sql.text());
  }

  /** A statement whose limit is a literal. */
  Bind bind(Sql sql, int limit) {
    return new Bind(connection, sql, sql.text().replace(":limit", Integer.toString(limit)));
  }
}
