package dev.coatcheck.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Kills the server in the middle of submissions and running jobs, and asks what is left. */
@Timeout(300)
class KillTest {

  private static final int CYCLES = 5;
  private static final int SUBMITTERS = 8;

  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();

  @TempDir Path folder;

  @Test
  void nothing_acknowledged_is_lost_and_nothing_ends_twice() throws Exception {
    Path data = folder.resolve("data");
    Random random = new Random(42);
    Caller caller = new Caller("");
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      ServerProcess server = ServerProcess.start(data, Map.of());
      caller.callAt(server.url());
      List<Thread> submitters = startSubmitters(caller);
      int least = acknowledged.size() + 100 + random.nextInt(400);
      await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= least);
      server.kill();
      for (Thread submitter : submitters) {
        submitter.join();
      }
    }
    try (ServerProcess server = ServerProcess.start(data, Map.of())) {
      caller.callAt(server.url());
      submitAgain(caller);
      check(caller);
      assertThat(server.terminate()).isIn(0, 143);
    }
  }

  /** Each submits until its server is gone. */
  private List<Thread> startSubmitters(Caller caller) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SUBMITTERS; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                boolean alive = true;
                while (alive) {
                  alive = submit(caller, "key-" + numbers.incrementAndGet());
                }
              }));
    }
    return threads;
  }

  private boolean submit(Caller caller, String key) {
    unknown.add(key);
    try {
      Caller.Answer answer = caller.submit(body(key), key);
      if (answer.ok()) {
        acknowledge(key, answer.body().get("id").asString());
        unknown.remove(key);
      }
      return true;
    } catch (IOException gone) {
      return false;
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private void acknowledge(String key, String id) {
    String before = acknowledged.putIfAbsent(key, id);
    assertThat(before).as("the id of %s", key).isIn(null, id);
  }

  private static String body(String key) {
    int duration = Math.floorMod(key.hashCode(), 200);
    return "{\"worker\":\"simulate\",\"max_attempts\":50,\"input\":{\"duration_ms\":"
        + duration
        + ",\"output\":\""
        + key
        + "\"}}";
  }

  private void submitAgain(Caller caller) throws Exception {
    for (String key : List.copyOf(unknown)) {
      Caller.Answer answer = caller.submit(body(key), key);
      assertThat(answer.status()).as("%s: %s", key, answer.body()).isIn(200, 202);
      acknowledge(key, answer.body().get("id").asString());
    }
  }

  private void check(Caller caller) throws Exception {
    assertThat(acknowledged).hasSizeGreaterThan(CYCLES * 100);
    for (Map.Entry<String, String> each : acknowledged.entrySet()) {
      JsonNode job = caller.done(each.getValue());
      assertThat(job.get("status").asString()).as("%s", job).isEqualTo("succeeded");
      assertThat(job.get("output").get("output").asString()).isEqualTo(each.getKey());
      checkHistory(caller, each.getValue());
    }
    assertThat(listed(caller)).isEqualTo(new TreeSet<>(acknowledged.values()));
  }

  private static void checkHistory(Caller caller, String id) throws Exception {
    JsonNode events = caller.get("/v1/jobs/" + id + "/events?limit=200").body().get("data");
    long last = 0;
    int ends = 0;
    for (JsonNode event : events) {
      assertThat(event.get("id").asLong()).isGreaterThan(last);
      last = event.get("id").asLong();
      ends += event.get("type").asString().equals("done") ? 1 : 0;
    }
    assertThat(ends).as("ends of %s", id).isEqualTo(1);
  }

  private static Set<String> listed(Caller caller) throws Exception {
    Set<String> ids = new TreeSet<>();
    String next = "";
    while (next != null) {
      JsonNode page = caller.get("/v1/jobs?limit=200" + next).body();
      page.get("data").forEach(job -> ids.add(job.get("id").asString()));
      JsonNode cursor = page.get("next_cursor");
      next = cursor.isNull() ? null : "&cursor=" + cursor.asString();
    }
    return ids;
  }
}
