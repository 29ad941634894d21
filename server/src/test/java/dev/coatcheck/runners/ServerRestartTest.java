package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that is killed under its runners, and started again. */
@Timeout(150)
class ServerRestartTest {

  @TempDir private Path folder;

  @Test
  void a_job_outlives_its_server_in_the_same_attempt() throws Exception {
    try (RealServer server = RealServer.start(folder.resolve("data"), Duration.ofSeconds(30));
        RunnerProcess runner = RunnerProcess.python(server.url(), "enrich", 2)) {
      Api api = new Api(server.url()).define("enrich", "");
      String finished = api.submit("enrich", "{\"seconds\":2}");
      String going = api.submit("enrich", "{\"seconds\":12,\"say\":\"a b c d e f\"}");
      api.running(finished);
      api.until(going, job -> job.path("progress").path("stage").asString("").equals("a"));
      server.kill();
      server.restart();
      for (String id : List.of(finished, going)) {
        JsonNode job = api.succeeded(id);
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        assertThat(job.path("output").path("pid").asLong()).isEqualTo(runner.pid());
        assertThat(api.attempts(id)).containsExactly("1 succeeded");
      }
      assertThat(chunks(api, going)).containsExactly("a ", "b ", "c ", "d ", "e ", "f ");
    }
  }

  private static List<String> chunks(Api api, String id) throws Exception {
    return api.events(id, "output").stream()
        .flatMap(event -> event.path("chunks").valueStream())
        .map(JsonNode::asString)
        .toList();
  }
}
