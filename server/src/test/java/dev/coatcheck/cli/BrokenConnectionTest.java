package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.Shell.Said;
import dev.coatcheck.cli.Tap.Harm;
import dev.coatcheck.server.Coatcheck;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class BrokenConnectionTest {

  private static final String SLOW = "{\"duration_ms\": 3000, \"steps\": 20}";
  private static final Harm BUSY = Harm.Reply.of("503 Service Unavailable", "Retry-After: 1", "");
  private static final Harm NOT_FOUND = Harm.Reply.of("404 Not Found", "X-A: b", "");
  private static final Harm PAGE =
      Harm.Reply.of("200 OK", "Content-Type: text/html", "<h1>Hello!</h1>");
  private static final Harm GARBAGE = new Harm.Reply("\u001b[31m\r\n\r\n");

  @TempDir static Path folder;

  private Coatcheck server;

  @BeforeAll
  void start() throws Exception {
    server = Shell.server(folder.resolve("data"));
  }

  @AfterAll
  void stop() {
    server.stop();
  }

  private Shell direct() {
    return Shell.at(server.url());
  }

  private static boolean submits(String head) {
    return head.startsWith("POST /v1/jobs ");
  }

  private static boolean streams(String head) {
    return head.contains("/events");
  }

  private int jobs(String worker, String metadata) {
    String all = direct().run("jobs", "--worker", worker, "--all", "--json").out();
    return all.split("\"mark\":\"" + metadata + "\"", -1).length - 1;
  }

  @Test
  void a_stream_that_breaks_goes_on_where_it_broke_off() throws Exception {
    String id = direct().run("submit", "simulate", "-i", SLOW).id();
    AtomicInteger streams = new AtomicInteger();
    try (Tap tap =
        new Tap(
            server.url(),
            head ->
                streams(head) && streams.incrementAndGet() == 1
                    ? new Harm.CutAfter("event: progress", 3)
                    : new Harm.None())) {
      Said said = Shell.at(tap.url()).run("watch", id);
      assertThat(said.exit()).as("%s", said).isZero();
      assertThat(said.err()).contains("going on where it left off").contains("100 %");
      List<String> heads = tap.heads("/events");
      assertThat(heads.getFirst()).doesNotContainIgnoringCase("Last-Event-ID");
      assertThat(heads.get(1)).containsPattern("(?i)Last-Event-ID: \\d+");
      assertThat(said.err().lines().filter(line -> line.startsWith("100 %"))).hasSize(1);
    }
  }

  @Test
  void without_live_events_the_job_is_polled_to_its_end() throws Exception {
    String id = direct().run("submit", "simulate", "-i", SLOW).id();
    try (Tap tap = new Tap(server.url(), head -> streams(head) ? NOT_FOUND : new Harm.None())) {
      Said said = Shell.at(tap.url()).run("watch", id, "--json");
      assertThat(said.exit()).as("%s", said).isZero();
      assertThat(said.json().path("status").asString()).isEqualTo("succeeded");
      assertThat(tap.heads("/events")).hasSize(1);
    }
  }

  @Test
  void an_answer_that_is_lost_never_makes_a_second_job() throws Exception {
    AtomicInteger submits = new AtomicInteger();
    try (Tap tap =
        new Tap(
            server.url(),
            head ->
                submits(head) && submits.incrementAndGet() <= 2
                    ? new Harm.Swallow()
                    : new Harm.None())) {
      Said said = Shell.at(tap.url()).run("submit", "simulate", "-m", "mark=lost");
      assertThat(said.exit()).as("%s", said).isZero();
      assertThat(said.err()).contains("same idempotency key");
      assertThat(said.out()).contains("this is the same job");
      assertThat(submits).hasValue(3);
      assertThat(jobs("simulate", "lost")).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_is_busy_is_asked_again_when_it_says_so() throws Exception {
    AtomicInteger submits = new AtomicInteger();
    try (Tap tap =
        new Tap(
            server.url(),
            head -> submits(head) && submits.incrementAndGet() == 1 ? BUSY : new Harm.None())) {
      Said said = Shell.at(tap.url()).run("submit", "simulate", "-m", "mark=busy");
      assertThat(said.exit()).as("%s", said).isZero();
      assertThat(said.err()).contains("trying again in 1 s");
      assertThat(jobs("simulate", "busy")).isEqualTo(1);
    }
  }

  @Test
  void after_three_more_tries_it_gives_up() throws Exception {
    try (Tap tap = new Tap(server.url(), _ -> new Harm.Swallow())) {
      Said said = Shell.at(tap.url()).run("submit", "simulate", "-m", "mark=gone");
      assertThat(said.exit()).isEqualTo(3);
      assertThat(tap.heads("POST")).hasSize(4);
      assertThat(jobs("simulate", "gone")).isEqualTo(1);
    }
  }

  @Test
  void what_is_no_coatcheck_server_is_told_without_a_stack_trace() throws Exception {
    try (Tap tap = new Tap(server.url(), _ -> PAGE)) {
      Said said = Shell.at(tap.url()).run("jobs");
      assertThat(said.exit()).isEqualTo(4);
      assertThat(said.err()).contains("not JSON").doesNotContain("\tat ");
    }
    try (Tap tap = new Tap(server.url(), _ -> GARBAGE)) {
      Said said = Shell.at(tap.url()).run("jobs");
      assertThat(said.exit()).isEqualTo(3);
      assertThat(said.err()).doesNotContain("\u001b", "\tat ");
    }
  }
}
