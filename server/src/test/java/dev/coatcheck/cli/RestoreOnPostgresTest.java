package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.Shell.Said;
import dev.coatcheck.runners.Api;
import dev.coatcheck.server.Coatcheck;
import dev.coatcheck.server.config.ConfigLoader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
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
