package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.Jobs;
import dev.coatcheck.worker.WorkerSpec;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Submissions in a transaction of the caller's. */
final class EnlistedTest {

  private final PostgresBench bench = new PostgresBench();
  private PostgresStore store;

  @BeforeEach
  void open() throws SQLException {
    store = (PostgresStore) bench.store();
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id int PRIMARY KEY)");
    }
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static Connection begin() throws SQLException {
    Connection connection = TestDatabase.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void order(Connection connection, int id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO orders VALUES (" + id + ")");
    }
  }

  private Lookup look(NewJob job) {
    return store.reader().job(job.tenant(), job.id());
  }

  @Test
  void the_job_is_there_when_the_transaction_has_committed_and_not_before() throws Exception {
    NewJob job =
        job("w").idempotency(Jobs.key("k", "f")).metadata("user", "ada").build(bench.now());
    try (Connection connection = begin()) {
      order(connection, 1);
      assertThat(store.submit(connection, job).result()).isInstanceOf(Result.Accepted.class);
      assertThat(look(job)).isEqualTo(new Lookup.Unknown());
      assertThat(bench.claim("w", 10)).isEmpty();
      connection.commit();
    }
    assertThat(look(job)).isInstanceOf(Lookup.Found.class);
    assertThat(bench.counts("w").ready()).isEqualTo(1);
    assertThat(bench.claim("w", 10)).hasSize(1);
    assertThat(Census.faults()).isEmpty();
  }

  @Test
  void nothing_of_it_is_left_when_the_transaction_is_rolled_back() throws Exception {
    NewJob job =
        job("w")
            .idempotency(Jobs.key("k", "f"))
            .uniqueKey("u")
            .metadata("user", "ada")
            .build(bench.now());
    try (Connection connection = begin()) {
      order(connection, 2);
      assertThat(store.submit(connection, job).result()).isInstanceOf(Result.Accepted.class);
      connection.rollback();
    }
    assertThat(look(job)).isEqualTo(new Lookup.Unknown());
    assertThat(bench.counts("w").ready()).isZero();
    for (String table : new String[] {"job", "ready", "idempotency", "open_key", "job_tag"}) {
      assertThat(TestDatabase.count(table)).as(table).isZero();
    }
  }

  @Test
  void who_uses_the_same_unique_key_meanwhile_waits_and_gets_that_job() throws Exception {
    NewJob first = job("w").uniqueKey("u").build(bench.now());
    NewJob second = job("w").uniqueKey("u").build(bench.now());
    try (Connection connection = begin();
        Connection other = begin()) {
      store.submit(connection, first);
      CompletableFuture<Result> waiting =
          CompletableFuture.supplyAsync(() -> {
            try {
              Result result = store.submit(other, second).result();
              other.commit();
              return result;
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
      TestDatabase.untilBlocked();
      assertThat(waiting).isNotDone();
      connection.commit();
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(new Result.Existing(first.id()));
    }
    assertThat(TestDatabase.count("job")).isEqualTo(1);
  }

  @Test
  void a_connection_that_commits_each_statement_is_refused() throws Exception {
    NewJob job = job("w").build(bench.now());
    try (Connection connection = TestDatabase.connect()) {
      assertThatThrownBy(() -> store.submit(connection, job))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("autocommit");
    }
    assertThat(TestDatabase.count("job")).isZero();
  }

  @Test
  void an_engine_runs_it_as_soon_as_it_is_told() throws Exception {
    PostgresStore own =
        PostgresStore.open(PostgresOptions.of(TestDatabase.url(), new SecureRandom()));
    Engine engine =
        Engine.start(
            own, EngineConfig.on(new JvmMachine(InstantSource.system(), new SecureRandom())));
    try {
      engine.serve(WorkerSpec.of("mail"), (context, input) -> Reply.completed(input));
      Submission submission =
          Submission.of(TenantId.DEFAULT, "mail", Payload.utf8("{\"to\":\"ada\"}"));
      NewJob job = engine.prepare(submission).orElseThrow();
      try (Connection connection = begin()) {
        order(connection, 3);
        Enlisted enlisted = own.submit(connection, job);
        connection.commit();
        enlisted.committed();
      }
      assertThat(engine.await(TenantId.DEFAULT, job.id(), Duration.ofSeconds(3)))
          .isInstanceOf(Lookup.Found.class)
          .extracting(found -> ((Lookup.Found) found).job().phase().name())
          .isEqualTo("SUCCEEDED");
      assertThat(engine.prepare(Submission.of(TenantId.DEFAULT, "nobody", Payload.utf8("1"))))
          .isEmpty();
    } finally {
      engine.stop(Duration.ofSeconds(1));
    }
  }
}
