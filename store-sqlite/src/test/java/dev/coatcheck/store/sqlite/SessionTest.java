package dev.coatcheck.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.job.Payload;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a session when a statement has failed. */
final class SessionTest {

  @TempDir private Path directory;

  @Test
  void a_full_disk_ends_no_statement_for_good() throws Exception {
    Path file = directory.resolve("coatcheck.db");
    try (var connection = Connections.writer(file)) {
      Migrations.run(connection);
      try (Session session = Session.writing(connection)) {
        insert(session, 1);
        session.execute("PRAGMA max_page_count = " + session.pageCount());

        assertThatThrownBy(() -> insert(session, 2)).isInstanceOf(SQLException.class);
        session.rollback();
        session.execute("PRAGMA max_page_count = 100000");

        assertThat(insert(session, 2)).isEqualTo(1);
        assertThat(insert(session, 3)).isEqualTo(1);
      }
    }
  }

  @Test
  void rolling_back_what_is_no_transaction_spoils_nothing() throws Exception {
    try (var connection = Connections.writer(directory.resolve("coatcheck.db"))) {
      Migrations.run(connection);
      try (Session session = Session.writing(connection)) {
        session.rollback();

        assertThat(insert(session, 1)).isEqualTo(1);
      }
    }
  }

  private static int insert(Session session, long seq) throws SQLException {
    session.begin();
    int rows =
        session
            .bind(Sql.INSERT_PAYLOAD)
            .number(seq)
            .text("input")
            .payload(Payload.utf8("x".repeat(100_000)))
            .update();
    session.commit();
    return rows;
  }
}
