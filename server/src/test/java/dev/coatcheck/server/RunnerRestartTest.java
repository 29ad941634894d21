package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.server.Client.Answer;
import dev.coatcheck.server.Runner.Lease;
import dev.coatcheck.server.config.ConfigLoader;
import dev.coatcheck.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runners elsewhere outlive the server that they work for. */
class RunnerRestartTest {

  private static ServerConfig config(Path folder, int port) {
    return ConfigLoader.load(
        Optional.empty(),
        Map.of(),
        Map.of(
            "server.port",
            Integer.toString(port),
            "server.grace",
            "100ms",
            "lease.duration",
            "5s",
            "data.dir",
            folder.toString()));
  }

  @Test
  void work_on_loan_goes_on_over_a_restart_as_the_same_attempt(@TempDir Path folder) {
    Lease working;
    Lease suspended;
    String paused;
    Answer worker;
    Runner runner;
    int port;
    Coatcheck first = started(config(folder, 0));
    try {
      port = first.port();
      Client client = new Client(first.url());
      Runner.define(
          client, Runner.OUTSIDE, "\"max_attempts\":1,\"output_schema\":{\"type\":\"object\"}");
      Runner.define(client, "halted", "");
      client.post("/v1/workers/halted/pause", "{}");
      runner = new Runner(client);
      client.submitted(Runner.OUTSIDE, "1");
      working = runner.lease(Runner.OUTSIDE);
      assertThat(working.json().toString()).contains("\"worker\":\"outside\"");
      client.submitted(Runner.OUTSIDE, "2");
      suspended = runner.lease(Runner.OUTSIDE);
      suspended.say("suspend", "{\"timeout\":\"1h\",\"state\":[1.10]}");
      paused = client.submitted("halted", "1");
      worker = client.get("/v1/workers/outside");
    } finally {
      first.stop();
    }
    Coatcheck second = started(config(folder, port));
    try {
      Client client = new Client(second.url());
      assertThat(client.get("/v1/workers/outside").get("version")).isEqualTo(worker.get("version"));
      assertThat(client.job(paused).get("wait_reason").asString()).isEqualTo("paused");
      Answer beat = runner.heartbeat("{\"lease_token\":\"" + working.token() + "\"}");
      assertThat(beat.at("/leases/0/state").asString()).as(beat.text()).isEqualTo("ok");
      working.say("complete", "{\"output\":1}").isProblem(422, "output_invalid");
      Answer called = client.post(suspended.callback(), "{\"n\":1}");
      assertThat(called.get("effect").asString()).isEqualTo("resumed");
      Lease again = runner.lease(Runner.OUTSIDE);
      assertThat(again.job()).isEqualTo(suspended.job());
      assertThat(again.json().at("/resume/state").toString()).isEqualTo("[1.1]");
      again.say("output", "{\"offset\":0,\"chunks\":[\"a\"]}");
      assertThat(again.say("complete", "{\"output\":{}}").status()).isEqualTo(200);
      assertThat(again.say("complete", "{\"output\":{}}").status()).isEqualTo(200);
      JsonNode done = client.job(suspended.job()).json();
      assertThat(done.path("status").asString()).isEqualTo("succeeded");
      assertThat(done.path("attempt").asInt()).isEqualTo(1);
    } finally {
      second.stop();
    }
  }

  private static Coatcheck started(ServerConfig config) {
    try {
      return Coatcheck.start(config);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
