package dev.coatcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.client.script.ScriptedServer;
import dev.coatcheck.client.script.ScriptedServer.Act;
import dev.coatcheck.client.script.ScriptedServer.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {

  private ScriptedServer server;
  private Coatcheck coatcheck;
  private final List<JobEvent> heard = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server = ScriptedServer.start();
    coatcheck = Coatcheck.connect(server.url()).patience(Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Act stream(String... events) {
    return new Act.Answer(
        new Said(
            200,
            Map.of("Content-Type", "text/event-stream"),
            "retry: 20\n\n" + String.join("", events)));
  }

  private static String event(String type, long id, String members) {
    return """
    id: %d
    event: %s
    data: {"type":"%s","id":%d,"job_id":"job_1","at":"2030-01-01T00:00:00.000Z"%s}

    """
        .formatted(id, type, type, id, members.isEmpty() ? "" : "," + members);
  }

  private static String output(long id, int epoch, long offset, String chunks) {
    return event(
        "output",
        id,
        "\"epoch\":%d,\"offset\":%d,\"chunks\":[%s]".formatted(epoch, offset, chunks));
  }

  private static String done(long id) {
    return event("done", id, "\"status\":\"succeeded\",\"output\":{\"n\":1},\"error\":null");
  }

  @Test
  void every_kind_of_event_arrives_in_order() throws Exception {
    server.next(
        "/events",
        stream(
            "event: snapshot\ndata: {\"type\":\"snapshot\",\"job\":"
                + CoatcheckTest.job("queued", false, "null", "null").replace("\n", "")
                + "}\n\n",
            event("status", 1, "\"status\":\"queued\",\"wait_reason\":null,\"attempt\":0"),
            ": keep-alive\n\n",
            event("progress", 2, "\"fraction\":0.5,\"stage\":\"s\",\"message\":null"),
            event("log", 3, "\"level\":\"info\",\"message\":\"hello\""),
            event(
                "error",
                4,
                "\"attempt\":1,\"error\":{\"code\":\"worker_error\",\"message\":\"m\","
                    + "\"retryable\":true,\"attempt\":1,\"upstream\":null},\"next_attempt_at\":null"),
            event("news", 5, "\"what\":1"),
            output(6, 2, 0, "\"a\",\"b\""),
            done(7)));
    JobEvent.Done end = coatcheck.watch("job_1", heard::add);
    assertThat(end.status()).isEqualTo("succeeded");
    assertThat(String.valueOf(end.output())).isEqualTo("{\"n\":1}");
    assertThat(heard)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly(
            "Snapshot",
            "Status",
            "Progressed",
            "Logged",
            "AttemptFailed",
            "Other",
            "Output",
            "Done");
  }

  @Test
  void a_stream_that_breaks_off_goes_on_after_the_last_event() throws Exception {
    server.next(
        "/events",
        stream(output(1_000_001, 1, 0, "\"a\""), output(1_000_002, 1, 1, "\"b\"")),
        new Act.LoseAnswer(),
        new Act.Answer(Said.problem(503, "overloaded", Map.of())),
        stream(
            output(1_000_002, 1, 1, "\"b\""), output(1_000_003, 1, 2, "\"c\""), done(1_000_009)));
    OutputText text = new OutputText();
    coatcheck.watch("job_1", text);
    assertThat(text).hasToString("abc");
    assertThat(server.calls("/events"))
        .extracting(call -> call.header("Last-Event-ID"))
        .containsExactly("null", "1000002", "1000002", "1000002");
  }

  @Test
  void output_of_an_attempt_that_was_replaced_is_not_heard() throws Exception {
    server.next(
        "/events",
        stream(
            output(1, 1, 0, "\"old\""),
            output(2, 2, 0, "\"new\""),
            output(3, 1, 1, "\" older\""),
            done(4)));
    OutputText text = new OutputText();
    coatcheck.watch("job_1", text);
    assertThat(text).hasToString("new");
  }

  @Test
  void a_watch_may_begin_in_the_middle() throws Exception {
    server.next("/events", stream(done(9)));
    coatcheck.watch("job_1", 5, heard::add);
    assertThat(server.calls("/events").getFirst().header("Last-Event-ID")).isEqualTo("5");
  }

  @Test
  void a_watch_after_the_end_reads_the_job() throws Exception {
    server.next("/events", new Act.Answer(new Said(204, Map.of(), "")));
    String job = CoatcheckTest.job("failed", true, "null", "null");
    server.usually("/v1/jobs/job_1", call -> Said.ok(job));
    assertThat(coatcheck.watch("job_1", 99, heard::add).status()).isEqualTo("failed");
    assertThat(heard).isEmpty();
  }

  @Test
  void a_refusal_that_stands_is_thrown() {
    server.next("/events", new Act.Answer(Said.problem(404, "not_found", Map.of())));
    assertThatThrownBy(() -> coatcheck.watch("job_1", heard::add))
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(404));
  }
}
