package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.SseReader.Event;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job's events, streamed and paged. */
class EventsTest {

  private TestServer server;
  private Client client;
  private final CountDownLatch gate = new CountDownLatch(1);

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.client;
    RetryPolicy atOnce = new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, true);
    server.serve(WorkerSpec.named("talker").retry(atOnce).build(), this::talk);
  }

  @AfterEach
  void stop() {
    gate.countDown();
    server.close();
  }

  /** Fails once, then streams, and waits at the gate before its last words. */
  private Reply talk(WorkContext context, Payload input) throws Exception {
    context.progress(0.5, "talking", "half");
    context.log("info", "line\nof two");
    context.output("Hel");
    context.output("lo " + context.attempt());
    if (context.attempt() == 1) {
      throw WorkFailure.retryable(ErrorCode.WORKER_ERROR, "stumbled");
    }
    gate.await();
    context.output("!");
    return Reply.completed(Payload.utf8("{\n  \"said\": 1.10\n}"));
  }

  private String finishedTalk() {
    gate.countDown();
    String id = client.submitted("talker", "1");
    client.until(id, "succeeded");
    return id;
  }

  private SseReader stream(String id, String query, String... headers) throws Exception {
    return new SseReader(client, "/v1/jobs/" + id + "/events" + query, headers);
  }

  @Test
  void a_stream_starts_with_a_snapshot_tells_the_whole_history_and_ends_with_done()
      throws Exception {
    String id = finishedTalk();
    try (SseReader stream = stream(id, "")) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
      assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
      assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
      List<Event> all = stream.all();
      assertThat(all.getFirst().type()).isEqualTo("snapshot");
      assertThat(all.getFirst().id()).isEmpty();
      assertThat(all.getFirst().data().path("job").path("id").asString()).isEqualTo(id);
      assertThat(all.stream().map(Event::type))
          .contains("status", "progress", "log", "output", "error", "done");
      Event done = all.getLast();
      assertThat(done.type()).isEqualTo("done");
      assertThat(done.data().path("status").asString()).isEqualTo("succeeded");
      assertThat(done.data().path("output").path("said").decimalValue())
          .isEqualByComparingTo("1.1");
      long last = 0;
      for (Event event : all.subList(1, all.size())) {
        assertThat(event.id().orElseThrow()).isGreaterThan(last);
        last = event.id().orElseThrow();
        assertThat(event.data().path("id").asLong()).isEqualTo(last);
        assertThat(event.data().path("job_id").asString()).isEqualTo(id);
        assertThat(event.data().path("type").asString()).isEqualTo(event.type());
      }
      assertThat(text(all, 2)).isEqualTo("Hello 2!");
    }
  }

  private static String text(List<Event> all, int epoch) {
    StringBuilder text = new StringBuilder();
    for (Event event : all) {
      if (event.type().equals("output") && event.data().path("epoch").asInt() == epoch) {
        event.data().path("chunks").forEach(chunk -> text.append(chunk.asString()));
      }
    }
    return text.toString();
  }

  @Test
  void a_stream_resumed_at_any_point_misses_and_repeats_nothing() throws Exception {
    String id = finishedTalk();
    List<Event> all;
    try (SseReader stream = stream(id, "")) {
      all = stream.all();
    }
    List<Long> ids = all.stream().flatMap(event -> event.id().stream()).toList();
    for (int i = 0; i < ids.size() - 1; i++) {
      try (SseReader resumed = stream(id, "?after=1", "Last-Event-ID", "" + ids.get(i))) {
        List<Long> rest = resumed.all().stream().map(event -> event.id().orElseThrow()).toList();
        assertThat(rest).isEqualTo(ids.subList(i + 1, ids.size()));
      }
    }
    try (SseReader ended = stream(id, "", "Last-Event-ID", "" + ids.getLast())) {
      assertThat(ended.status()).isEqualTo(204);
    }
    try (SseReader ended = stream(id, "?after=" + (ids.getLast() + 1))) {
      assertThat(ended.status()).isEqualTo(204);
    }
  }

  @Test
  void streams_cut_at_any_point_of_a_living_job_go_on_where_they_were() throws Exception {
    String id = client.submitted("talker", "1");
    List<Long> seen = new ArrayList<>();
    Optional<Long> last = Optional.empty();
    boolean done = false;
    while (!done) {
      String[] headers =
          last.map(l -> new String[] {"Last-Event-ID", "" + l}).orElse(new String[0]);
      try (SseReader stream = stream(id, "", headers)) {
        Event event = stream.next().orElseThrow();
        if (event.type().equals("snapshot")) {
          event = stream.next().orElseThrow();
        }
        last = event.id();
        seen.add(last.orElseThrow());
        done = event.type().equals("done");
        if (event.type().equals("output") && event.data().path("epoch").asInt() == 2) {
          gate.countDown();
        }
      }
    }
    try (SseReader stream = stream(id, "")) {
      List<Long> whole = stream.all().stream().flatMap(event -> event.id().stream()).toList();
      assertThat(seen).isEqualTo(whole);
    }
  }

  @Test
  void many_readers_see_a_job_live() throws Exception {
    String id = client.submitted("held", "1");
    List<SseReader> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      readers.add(stream(id, i % 2 == 0 ? "" : "?after=latest"));
    }
    for (SseReader reader : readers) {
      assertThat(reader.next().orElseThrow().type()).isEqualTo("snapshot");
    }
    server.release(1);
    for (SseReader reader : readers) {
      List<Event> rest = reader.all();
      assertThat(rest.getLast().type()).isEqualTo("done");
      reader.close();
    }
  }

  @Test
  void after_latest_tells_what_is_new_only() throws Exception {
    String id = client.submitted("talker", "1");
    Awaitility.await()
        .until(() -> client.get("/v1/jobs/" + id + "/events?after=1").text().contains("lo 2"));
    try (SseReader stream = stream(id, "?after=latest")) {
      assertThat(stream.next().orElseThrow().type()).isEqualTo("snapshot");
      gate.countDown();
      List<Event> rest = stream.all();
      assertThat(text(rest, 2)).isEqualTo("!");
      assertThat(rest.getLast().type()).isEqualTo("done");
    }
    try (SseReader stream = stream(id, "?after=latest")) {
      assertThat(stream.all().stream().map(Event::type)).containsExactly("snapshot", "done");
    }
  }

  @Test
  void ids_that_the_job_never_had_are_refused() throws Exception {
    String id = client.submitted("held", "1");
    client.until(id, "running");
    String other = finishedTalk();
    String foreign =
        client.get("/v1/jobs/" + other + "/events?limit=200").get("next_after").asString();
    String[] wrong = {
      "-1",
      "x",
      "1.5",
      "9007199254740993",
      "99999999999999999999",
      foreign,
      "999999999",
      "+1",
      "0x1"
    };
    for (String each : wrong) {
      for (String accept : new String[] {"text/event-stream", "application/json"}) {
        client
            .get("/v1/jobs/" + id + "/events", "Accept", accept, "Last-Event-ID", each)
            .isProblem(400, "invalid_cursor");
      }
    }
    client.get("/v1/jobs/" + id + "/events?after=").isProblem(400, "invalid_cursor");
    client
        .get("/v1/jobs/" + other + "/events", "Last-Event-ID", "999999999999")
        .isProblem(400, "invalid_cursor");
    server.release(1);
  }

  @Test
  void pages_tell_the_same_as_streams() throws Exception {
    String id = finishedTalk();
    List<JsonNode> paged = new ArrayList<>();
    long after = 0;
    JsonNode page;
    do {
      page = client.get("/v1/jobs/" + id + "/events?limit=2&after=" + after).json();
      page.path("data").forEach(paged::add);
      after = page.path("next_after").asLong();
    } while (page.path("has_more").asBoolean());
    try (SseReader stream = stream(id, "")) {
      List<JsonNode> streamed = stream.all().stream().skip(1).map(Event::data).toList();
      assertThat(paged).isEqualTo(streamed);
    }
    JsonNode rest = client.get("/v1/jobs/" + id + "/events?after=" + after).json();
    assertThat(rest.path("data").isEmpty()).isTrue();
    assertThat(rest.path("next_after").asLong()).isEqualTo(after);
    client.get("/v1/jobs/" + id + "/events?limit=201").isProblem(400, "invalid_request");
    client.get("/v1/jobs/" + id + "/events?x=1").isProblem(400, "invalid_request");
  }

  @Test
  void a_quiet_stream_is_kept_alive_and_starts_with_retry() throws Exception {
    String id = client.submitted("held", "1");
    try (RawSocket socket = new RawSocket(server.server.port())) {
      socket.send(
          "GET /v1/jobs/"
              + id
              + "/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
      String start = socket.readUntil(": keep-alive");
      assertThat(start).contains("retry: 2000\n\nevent: snapshot\n").contains(": keep-alive");
    }
    server.release(1);
  }

  @Test
  void a_reader_that_takes_nothing_is_cut_off_and_harms_nobody() throws Exception {
    String chunk = "x".repeat(100_000);
    server.serve(
        WorkerSpec.of("loud"),
        (context, input) -> {
          for (int i = 0; i < 200; i++) {
            context.output(chunk);
          }
          return Reply.completed(Payload.utf8("1"));
        });
    String id = client.submitted("loud", "1");
    client.until(id, "succeeded");
    try (RawSocket stuck = new RawSocket(server.server.port())) {
      stuck.socket().setReceiveBufferSize(8_192);
      stuck.send(
          "GET /v1/jobs/"
              + id
              + "/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
      Awaitility.await()
          .pollDelay(Duration.ofSeconds(9))
          .atMost(Duration.ofSeconds(25))
          .until(() -> cut(stuck));
    }
    try (SseReader reader = stream(id, "")) {
      assertThat(text(reader.all(), 1)).hasSize(20_000_000);
    }
  }

  /** Whether the server has closed: what it says more than the window no longer comes. */
  private static boolean cut(RawSocket socket) {
    try {
      socket.send("x");
      return false;
    } catch (IOException reset) {
      return true;
    }
  }
}
