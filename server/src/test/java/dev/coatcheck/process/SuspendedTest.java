package dev.coatcheck.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Thousands of jobs wait for a callback while their server is killed and started again. */
@Timeout(300)
class SuspendedTest {

  private static final int JOBS = Integer.getInteger("suspended.jobs", 2_000);
  private static final int CALLERS = 16;
  private static final String WORKER = "outside";

  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

  @TempDir Path folder;

  @Test
  void suspended_jobs_are_rows_that_outlive_the_server_and_go_on_when_called_back()
      throws Exception {
    Path data = folder.resolve("data");
    Map<String, String> callbacks;
    try (ServerProcess server = ServerProcess.start(data, Map.of())) {
      Caller caller = new Caller(server.url());
      caller.put("/v1/workers/" + WORKER, "{\"kind\":\"pull\"}");
      each(i -> caller.submit("{\"worker\":\"outside\",\"input\":" + i + "}", "key-" + i));
      callbacks = suspendAll(caller);
      assertThat(callbacks).hasSize(JOBS);
      assertThat(suspended(caller)).isEqualTo(JOBS);
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(data, Map.of())) {
      Caller caller = new Caller(server.url());
      assertThat(suspended(caller)).isEqualTo(JOBS);

      callBack(caller, callbacks);

      assertThat(suspended(caller)).isZero();
      goOnWithAll(caller);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              stats(caller).get("queued").asInt() + stats(caller).get("running").asInt() == 0);
      for (String job : List.copyOf(callbacks.keySet()).subList(0, 50)) {
        assertThat(caller.get("/v1/jobs/" + job).body().get("attempt").asInt()).isEqualTo(1);
      }
    } finally {
      callers.shutdownNow();
    }
  }

  /** Leases all and suspends each; the callback of each by its job. */
  private Map<String, String> suspendAll(Caller caller) throws Exception {
    Map<String, String> callbacks = new HashMap<>();
    for (JsonNode leases = lease(caller); !leases.isEmpty(); leases = lease(caller)) {
      List<JsonNode> page = IntStream.range(0, leases.size()).mapToObj(leases::get).toList();
      all(page.stream().map(lease -> (Callable<Object>) () -> suspend(caller, lease)).toList());
      for (JsonNode lease : page) {
        String url = lease.get("callback").get("url").asString();
        callbacks.put(
            lease.get("job").get("id").asString(), url.substring(url.indexOf("/v1/callbacks/")));
      }
    }
    return callbacks;
  }

  private static Object suspend(Caller caller, JsonNode lease) throws Exception {
    String state = "{\"n\":" + lease.get("job").get("input").asInt() + "}";
    Caller.Answer answer =
        caller.post(
            "/v1/leases/" + lease.get("lease_token").asString() + "/suspend",
            "{\"timeout\":\"1h\",\"state\":" + state + "}");
    assertThat(answer.body().get("wait_reason").asString()).isEqualTo("callback");
    return answer;
  }

  private void callBack(Caller caller, Map<String, String> callbacks) throws Exception {
    all(
        callbacks.entrySet().stream()
            .map(each ->
                (Callable<Object>)
                    () -> {
                      String body = "{\"for\":\"" + each.getKey() + "\"}";
                      Caller.Answer answer = caller.post(each.getValue(), body);
                      assertThat(answer.body().get("effect").asString()).isEqualTo("resumed");
                      return answer;
                    })
            .toList());
  }

  /** Leases what goes on and completes it, each with the state and the callback of its own. */
  private void goOnWithAll(Caller caller) throws Exception {
    int done = 0;
    for (JsonNode leases = lease(caller); !leases.isEmpty(); leases = lease(caller)) {
      List<JsonNode> page = IntStream.range(0, leases.size()).mapToObj(leases::get).toList();
      all(page.stream().map(lease -> (Callable<Object>) () -> complete(caller, lease)).toList());
      done += page.size();
    }
    assertThat(done).isEqualTo(JOBS);
  }

  private static Object complete(Caller caller, JsonNode lease) throws Exception {
    JsonNode job = lease.get("job");
    JsonNode resume = lease.get("resume");
    assertThat(lease.get("attempt").asInt()).isEqualTo(1);
    assertThat(resume.get("state").get("n")).isEqualTo(job.get("input"));
    assertThat(resume.get("callback").get("body").get("for")).isEqualTo(job.get("id"));
    Caller.Answer answer =
        caller.post(
            "/v1/leases/" + lease.get("lease_token").asString() + "/complete", "{\"output\":1}");
    assertThat(answer.body().get("status").asString()).isEqualTo("succeeded");
    return answer;
  }

  private static JsonNode lease(Caller caller) throws Exception {
    String body = "{\"workers\":[\"outside\"],\"max\":100,\"wait\":\"0s\"}";
    return caller.post("/v1/runners/lease", body).body().get("leases");
  }

  private static int suspended(Caller caller) throws Exception {
    return stats(caller).get("suspended").asInt();
  }

  private static JsonNode stats(Caller caller) throws Exception {
    return caller.get("/v1/workers/" + WORKER).body().get("stats");
  }

  private interface Call {
    Caller.Answer of(int n) throws Exception;
  }

  private void each(Call call) throws Exception {
    all(
        IntStream.range(0, JOBS)
            .mapToObj(i ->
                (Callable<Object>)
                    () -> {
                      Caller.Answer answer = call.of(i);
                      assertThat(answer.ok()).as("%s", answer).isTrue();
                      return answer;
                    })
            .toList());
  }

  private void all(List<Callable<Object>> calls) throws Exception {
    for (Future<Object> each : callers.invokeAll(calls)) {
      each.get();
    }
  }
}
