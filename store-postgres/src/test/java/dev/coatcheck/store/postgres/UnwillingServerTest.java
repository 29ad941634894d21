package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.store.Command;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.Durability.Survives;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that answers, but takes nothing, or takes it with a reservation. */
@Timeout(90)
final class UnwillingServerTest {

  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static String url() {
    return "postgresql://postgres@localhost:" + server.getPort() + "/postgres";
  }

  /** What the statement says, as text. */
  private static String ask(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private static void set(String setting) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM " + setting);
    }
    ask("SELECT pg_reload_conf()");
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.sleep(20);
    }
  }

  private static void submit(Store store) {
    store.commit(List.of(new Command.Submit(job("w").build(Instant.now()), false)));
  }

  /** Until it is refused: what is set takes a moment to be heard of by all processes. */
  private static void submitOnAndOn(Store store) {
    while (true) {
      submit(store);
    }
  }

  @Test
  void a_connection_is_thrown_away_whose_server_has_become_read_only() throws Exception {
    Pool.Purpose one = new Pool.Purpose("one", 1, Duration.ofSeconds(1), false);
    try (Pool pool = new Pool(Url.parse(url()), one)) {
      long before = backend(pool);
      set("SET default_transaction_read_only = on");
      until(() -> ask("SHOW default_transaction_read_only").equals("on"));

      until(() -> !writes(pool));

      assertThatThrownBy(pool::connection)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("primary");
      set("RESET default_transaction_read_only");
      until(() -> writes(pool));
      assertThat(backend(pool)).isNotEqualTo(before);
    } finally {
      set("RESET default_transaction_read_only");
    }
  }

  private static boolean writes(Pool pool) {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE told (n integer)");
      connection.rollback();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static long backend(Pool pool) throws SQLException {
    try (Connection connection = pool.connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void a_commit_that_stopped_waiting_for_its_standby_is_not_acknowledged() throws Exception {
    try (Store store =
        PostgresStore.open(
            PostgresOptions.of(url(), new SecureRandom()).withLease(Duration.ofHours(1)))) {
      submit(store);
      CompletableFuture<Void> told = submitUntilCanceled(store);

      assertThatThrownBy(told::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("committed with a warning");
    }
  }

  /** Lets commits wait for a standby that there is none of, and cancels those that do. */
  private static CompletableFuture<Void> submitUntilCanceled(Store store) throws Exception {
    set("SET synchronous_standby_names = 'nobody'");
    try {
      CompletableFuture<Void> told = CompletableFuture.runAsync(() -> submitOnAndOn(store));
      until(() -> {
        ask("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        return told.isDone();
      });
      return told;
    } finally {
      set("RESET synchronous_standby_names");
    }
  }

  @Test
  void what_a_commit_survives_is_told_by_the_settings() {
    assertThat(promise(true, true, "off", true)).isEqualTo(Survives.NOTHING);
    assertThat(promise(false, true, "on", true)).isEqualTo(Survives.PROCESS_CRASH);
    assertThat(promise(true, false, "on", true)).isEqualTo(Survives.PROCESS_CRASH);
    assertThat(promise(true, true, "on", false)).isEqualTo(Survives.MACHINE_CRASH);
    assertThat(promise(true, true, "local", true)).isEqualTo(Survives.MACHINE_CRASH);
    assertThat(promise(true, true, "remote_write", true)).isEqualTo(Survives.MACHINE_LOSS);
    assertThat(promise(true, true, "on", true)).isEqualTo(Survives.MACHINE_LOSS);
    assertThat(new Promises(true, true, "on", true, 0).durability().why())
        .contains("none is seen at present");
    assertThat(new Durability(Survives.PROCESS_CRASH, "fsync is off").text())
        .startsWith("An acknowledged job may be lost.");
  }

  private static Survives promise(boolean fsync, boolean whole, String commit, boolean standbys) {
    return new Promises(fsync, whole, commit, standbys, 1).durability().survives();
  }
}
