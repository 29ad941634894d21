package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.Shell.Said;
import dev.coatcheck.server.Coatcheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class CommandsTest {

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

  private Said run(String... args) {
    return Shell.at(server.url()).run(args);
  }

  private static Said runWith(Map<String, String> env, String... args) {
    return Shell.with(env).run(args);
  }

  @Test
  void submit_gives_the_ticket_and_get_the_job() {
    Said ticket = run("submit", "simulate", "-i", "{\"output\": \"hello there\"}");
    assertThat(ticket.exit()).isZero();
    Said job = run("get", ticket.id(), "--json");
    assertThat(job.exit()).isZero();
    assertThat(job.json().get("id").asString()).isEqualTo(ticket.id());
  }

  @Test
  void submit_and_wait_shows_progress_and_the_result() {
    Said said =
        run("submit", "simulate", "-i", "{\"duration_ms\": 600, \"output\": \"done!\"}", "--wait");
    assertThat(said.exit()).as("%s", said).isZero();
    assertThat(said.out() + said.err()).contains("step").contains("done!");
  }

  @Test
  void submit_uploads_files_and_the_same_one_again_is_the_same_job() throws Exception {
    Path file = Files.writeString(folder.resolve("note 1.txt"), "hello");
    String[] command = {
      "submit",
      "simulate",
      "--file",
      "output=" + file,
      "-i",
      "{\"steps\": 2}",
      "--priority",
      "7",
      "-m",
      "user=ann b",
      "--idempotency-key",
      "files",
      "--json"
    };
    Said first = run(command);
    assertThat(first.exit()).as("%s", first).isZero();
    assertThat(first.json().at("/input/output").asString()).startsWith("file_");
    assertThat(first.json().at("/input/steps").asInt()).isEqualTo(2);
    assertThat(first.json().at("/priority").asInt()).isEqualTo(7);
    assertThat(first.json().at("/metadata/user").asString()).isEqualTo("ann b");
    assertThat(run(command).json().get("id")).isEqualTo(first.json().get("id"));
  }

  @Test
  void a_file_that_there_is_not_is_a_usage_error() {
    assertThat(run("submit", "simulate", "--file", "no-such-file").exit()).isEqualTo(2);
    assertThat(run("submit", "simulate", "--file", folder.toString()).exit()).isEqualTo(2);
  }

  @Test
  void a_job_that_does_not_succeed_is_exit_code_one() {
    Said said = run("submit", "simulate", "-i", "{\"fail\": {\"retryable\": false}}", "--wait");
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.out() + said.err()).contains("simulated failure");
  }

  @Test
  void watch_follows_a_job_to_its_end() {
    String id = run("submit", "simulate", "-i", "{\"duration_ms\": 300}").id();
    Said said = run("watch", id);
    assertThat(said.exit()).isZero();
    assertThat(said.out() + said.err()).contains("succeeded");
  }

  @Test
  void dead_letters_are_listed_redriven_and_discarded() {
    String fails = "{\"fail\": {\"retryable\": false, \"message\": \"cli says no\"}}";
    String id = run("submit", "simulate", "-i", fails).id();
    assertThat(run("watch", id).exit()).isEqualTo(1);
    assertThat(run("dead-letters").out()).contains("redrive");
    Said list = run("dead-letters", "list", "--worker", "simulate");
    assertThat(list.exit()).as("%s", list).isZero();
    assertThat(list.out()).contains(id, "worker_error", "cli says no");
    assertThat(run("dead-letters", "groups").out()).contains("simulate", "cli says no");

    Said dry = run("dead-letters", "redrive", id, "--dry-run");
    assertThat(dry.out()).contains("1 job would be taken", id);
    Said redriven = run("dead-letters", "redrive", id, "--patch", "{\"fail\": null}");
    assertThat(redriven.exit()).as("%s", redriven).isZero();
    assertThat(redriven.out()).contains("Redriven " + id + " as job_");
    Said again = run("dead-letters", "redrive", id);
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.out()).contains("already_redriven");

    Said operation = run("dead-letters", "redrive", "--code", "internal", "--rate", "5");
    assertThat(operation.exit()).as("%s", operation).isZero();
    assertThat(operation.out()).contains("op_", "redrive done: 0 of 0");
    assertThat(run("dead-letters", "discard", "--code", "internal").out()).contains("Discarded 0.");
    assertThat(run("dead-letters", "redrive").exit()).isEqualTo(2);
    assertThat(run("dead-letters", "redrive", id, "--all").exit()).isEqualTo(2);
    assertThat(run("dead-letters", "list", "--state", "lost").exit()).isEqualTo(4);
  }

  @Test
  void many_jobs_are_canceled_by_their_ids_or_a_filter() {
    String first = run("submit", "simulate", "--delay", "1h", "-m", "user=cli").id();
    String second = run("submit", "simulate", "--delay", "1h", "-m", "user=cli").id();
    String third = run("submit", "simulate", "--delay", "1h", "-m", "user=cli").id();
    Said named = run("cancel", first, second);
    assertThat(named.exit()).as("%s", named).isZero();
    assertThat(named.out()).contains("Canceled " + first, "Canceled " + second);
    assertThat(run("cancel", first, second).exit()).isEqualTo(1);

    Said filtered = run("cancel", "--metadata", "user=cli", "--status", "queued");
    assertThat(filtered.exit()).as("%s", filtered).isZero();
    assertThat(filtered.out()).contains("cancel done: 1 of 1");
    assertThat(run("get", third, "--json").json().get("status").asString()).isEqualTo("canceled");
    assertThat(run("cancel").exit()).isEqualTo(2);
  }

  @Test
  void cancel_and_retry_say_what_became_of_the_job() {
    String id = run("submit", "simulate", "--delay", "1h").id();
    Said canceled = run("cancel", id, "--json");
    assertThat(canceled.exit()).isZero();
    assertThat(canceled.json().get("status").asString()).isEqualTo("canceled");
    Said again = run("retry", id, "--json");
    assertThat(again.exit()).isZero();
    assertThat(again.json().get("retry_of").asString()).isEqualTo(id);
  }

  @Test
  void jobs_and_workers_are_listed() {
    String id = run("submit", "simulate").id();
    assertThat(run("jobs").out()).contains(id);
    assertThat(run("jobs", "--json").json().get("data").size()).isPositive();
    assertThat(run("workers").out()).contains("simulate").contains("summarize");
    assertThat(run("workers", "summarize").out()).contains("extractive");
  }

  @Test
  void bad_usage_and_bad_input_are_exit_code_two() {
    assertThat(run("submit", "simulate", "-i", "{oops").exit()).isEqualTo(2);
    assertThat(run("submit", "simulate", "-i", "@no-such-file.json").exit()).isEqualTo(2);
    assertThat(run("sbumit").exit()).isEqualTo(2);
    assertThat(run("get").exit()).isEqualTo(2);
  }

  @Test
  void what_the_server_refuses_is_exit_code_four_with_its_reasons() {
    Said unknown = run("submit", "nobody");
    assertThat(unknown.exit()).isEqualTo(4);
    assertThat(unknown.err()).contains("no worker nobody");
    Said invalid = run("submit", "simulate", "-i", "{\"duration_ms\": -1}");
    assertThat(invalid.exit()).isEqualTo(4);
    assertThat(invalid.err()).contains("/input/duration_ms").contains("req_");
  }

  @Test
  void without_a_server_it_says_how_to_start_one() {
    Said said = runWith(Map.of("COATCHECK_URL", "http://127.0.0.1:1"), "jobs");
    assertThat(said.exit()).isEqualTo(3);
    assertThat(said.err()).contains("./coatcheck serve");
  }

  @Test
  void what_jobs_say_cannot_drive_the_terminal() {
    String id =
        run(
                "submit",
                "simulate",
                "-i",
                "{\"output\": \"\\u001b[31mred\\u0007\", \"fail\": {\"retryable\": false,"
                    + " \"message\": \"\\u001b]0;title\\u0007\\r\\nfake\"}}")
            .id();
    Said said = run("watch", id);
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.out() + said.err() + run("get", id).out()).doesNotContain("\u001b", "\u0007");
  }

  @Test
  void the_configuration_tells_where_each_value_comes_from_and_hides_secrets() {
    String secret = "0123456789abcdef0123456789abcdef";
    Said said =
        runWith(
            Map.of("COATCHECK_ADMIN_KEY", secret, "COATCHECK_SERVER_GRACE", "7s"),
            "config",
            "show");
    assertThat(said.exit()).isZero();
    assertThat(said.out()).contains("server.grace").contains("7s").contains("COATCHECK");
    assertThat(said.out() + said.err()).doesNotContain(secret);
  }

  @Test
  void a_bad_configuration_is_exit_code_seventy_eight() {
    Said unknown = runWith(Map.of("COATCHECK_SERVER_PROT", "1"), "config", "show");
    assertThat(unknown.exit()).isEqualTo(78);
    assertThat(unknown.err()).contains("COATCHECK_SERVER_PORT");
    Said second = run("serve", "--port", "0", "--data", folder.resolve("data").toString());
    assertThat(second.exit()).isEqualTo(78);
    assertThat(second.err()).contains("coatcheck.db").doesNotContain("\tat ");
  }

  @Test
  void without_a_primary_a_start_is_exit_code_seventy_eight() {
    String url = "postgresql://me:secret@127.0.0.1:1,127.0.0.1:2/jobs";
    Said said = runWith(Map.of("COATCHECK_STORE_URL", url), "serve", "--port", "0");
    assertThat(said.exit()).isEqualTo(78);
    assertThat(said.err())
        .contains("cannot open postgresql://127.0.0.1:1,127.0.0.1:2/jobs")
        .doesNotContain("secret", "\tat ");
  }

  @Test
  void the_api_description_is_printed() {
    Said said = run("openapi");
    assertThat(said.exit()).isZero();
    assertThat(said.out()).startsWith("openapi: 3.1").contains("/v1/jobs");
  }

  @Test
  void the_demo_runs_to_its_end_and_shows_five_summaries() {
    Said said = runWith(Map.of(), "demo");
    assertThat(said.exit()).as("%s", said).isZero();
    assertThat(said.out())
        .contains("How bread rises")
        .contains("Why slow answers need a ticket")
        .contains("The Coat and the Number")
        .contains("How a lighthouse throws its light")
        .contains("8 pages")
        .contains("Nothing ran twice");
  }

  @Test
  void the_doctor_looks_at_this_machine() {
    Said said = run("doctor", "--json");
    assertThat(said.exit()).isIn(0, 1);
    assertThat(said.out()).contains("SQLite").contains("Java");
  }
}
