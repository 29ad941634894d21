package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.Shell.Said;
import dev.coatcheck.runners.Api;
import dev.coatcheck.server.Coatcheck;
import dev.coatcheck.server.config.ConfigLoader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A database that its own tools have restored is fenced before a node starts. */
@Timeout(120)
class RestoreOnPostgresTest {

  @TempDir Path folder;

  @Test
  void a_restored_database_is_fenced_and_a_backup_is_left_to_its_tools() throws Exception {
    try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
      String store = "postgresql://postgres@localhost:" + database.getPort() + "/postgres";
      Shell shell = Shell.with(Map.of("COATCHECK_STORE_URL", store));
      JsonNode held;
      Coatcheck before = node(store);
      try {
        Api api = new Api(before.url());
        api.define("outside", "");
        api.submit("outside", "1");
        held = api.lease("outside");
        assertThat(api.post("/v1/backup", "").body().path("code").asString())
            .isEqualTo("not_supported");
      } finally {
        before.stop();
      }
      Said backup = shell.run("backup", folder.resolve("b.zip").toString(), "--store", store);
      assertThat(backup.exit()).isEqualTo(2);
      assertThat(backup.err()).contains("pg_dump");
      assertThat(shell.run("restore").err()).contains("--cut");
      assertThat(shell.run("restore", "--cut", "2999-01-01T00:00:00Z").exit()).isEqualTo(2);
      String cut = Instant.now().minusSeconds(60).toString();

      Said said = shell.run("restore", "--cut", cut);

      assertThat(said.exit()).as("%s", said).isZero();
      assertThat(said.out()).contains("1 lease ended");
      Coatcheck after = node(store);
      try {
        Api api = new Api(after.url());
        api.end(held, "complete", "{\"output\":1}").isLost();
        JsonNode again = api.lease("outside");
        assertThat(again.path("attempt").asInt()).isEqualTo(1);
        api.end(again, "complete", "{\"output\":2}").ok();
        assertThat(api.get("/v1/system").ok().at("/restores/0/leases_ended").asInt()).isEqualTo(1);
      } finally {
        after.stop();
      }
    }
  }

  /** A copy of the database within its server; nobody may be connected to it. */
  private static void copy(EmbeddedPostgres database, String to) throws Exception {
    try (Connection connection = database.getTemplateDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + to + " TEMPLATE postgres");
    }
  }

  @Test
  void what_the_old_database_took_after_the_cut_is_listed() throws Exception {
    try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
      String server = "postgresql://postgres@localhost:" + database.getPort() + "/";
      String old = server + "postgres";
      String restored = server + "restored";
      Shell shell = Shell.with(Map.of("COATCHECK_STORE_URL", restored));
      String ends;
      String cut;
      Coatcheck before = node(old);
      try {
        Api api = new Api(before.url());
        api.define("outside", "");
        ends = api.submit("outside", "1");
      } finally {
        before.stop();
      }
      cut = Instant.now().toString();
      copy(database, "restored");
      String lost;
      Coatcheck after = node(old);
      try {
        Api api = new Api(after.url());
        JsonNode lease = api.lease("outside");
        assertThat(shell.run("restore", "--cut", cut, "--compare", old).err())
            .contains("is in use");
        api.end(lease, "complete", "{\"output\":1}").ok();
        lost = api.submit("outside", "{\"n\": 2}");
        api.define("later", "");
      } finally {
        after.stop();
      }
      assertThat(shell.run("restore", "--cut", cut, "--compare", restored).err())
          .contains("is the restored database itself");
      assertThat(shell.run("restore", "--cut", cut, "--compare", server + "template1").exit())
          .isEqualTo(1);

      Said said = shell.run("restore", "--cut", cut, "--compare", old, "--json");

      assertThat(said.exit()).as("%s", said).isZero();
      assertThat(said.out().lines().filter(line -> !line.contains("\"restore\"")))
          .satisfiesExactly(
              job -> assertThat(job).contains("\"kind\":\"job\"", lost, "\"queued\"", "{\"n\":2}"),
              end -> assertThat(end).contains("\"kind\":\"end\"", ends, "\"succeeded\""),
              worker -> assertThat(worker).contains("\"kind\":\"worker\"", "later"),
              done -> assertThat(done).contains("\"missed\":3"));
    }
  }

  private Coatcheck node(String store) throws Exception {
    Map<String, String> flags =
        Map.of(
            "server.port",
            "0",
            "server.grace",
            "1s",
            "data.dir",
            folder.toString(),
            "store.url",
            store);
    return Coatcheck.start(ConfigLoader.load(Optional.empty(), Map.of(), flags));
  }
}
