package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.Shell.Said;
import dev.coatcheck.server.Coatcheck;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
class TerminalTest {

  /** What the command line itself sends to a terminal: colours, up, erase. */
  private static final String OURS = "\u001b\\[(\\d*m|\\d+A|2K)|\r|\n";

  @TempDir static Path folder;

  private Coatcheck server;
  private Shell terminal = Shell.at("");

  @BeforeAll
  void start() throws Exception {
    server = Shell.server(folder.resolve("data"));
    terminal = Shell.at(server.url()).onTerminal();
  }

  @AfterAll
  void stop() {
    server.stop();
  }

  @Test
  void waiting_draws_a_bar_over_itself_and_then_the_result() {
    Said said =
        terminal.run(
            "submit", "simulate", "--wait", "-i", "{\"duration_ms\": 700, \"output\": \"hello\"}");
    assertThat(said.exit()).isZero();
    assertThat(said.err()).isEmpty();
    assertThat(said.out()).contains("█").contains("\u001b[2A").contains("✔").contains("hello");
  }

  @Test
  void a_summary_is_a_page_on_a_terminal_and_json_in_a_pipe() {
    String[] args = {"submit", "summarize", "--wait", "--text", "One sentence. And another one."};
    assertThat(terminal.run(args).out()).contains("2 of 2 sentences");
    Said pipe = Shell.at(server.url()).run(args);
    assertThat(pipe.json().path("sentence_count").asInt()).isEqualTo(2);
  }

  @Test
  void nothing_that_a_job_says_reaches_the_terminal_as_a_command() {
    String hostile = "\\u001b]0;owned\\u0007\\u009b2J\\r\\b\\u202e";
    String input =
        "{\"output\": {\""
            + hostile
            + "\": \""
            + hostile
            + "\"}, \"duration_ms\": 200, \"stream\": {\"chunks\": 3, \"text\": \""
            + hostile
            + "\"}}";
    Said waited = terminal.run("submit", "simulate", "--wait", "-i", input);
    String id = waited.id();
    Said failed =
        terminal.run(
            "submit",
            "simulate",
            "--wait",
            "-i",
            "{\"fail\": {\"retryable\": false, \"message\": \"" + hostile + "\"}}");
    inert(waited);
    inert(failed);
    inert(terminal.run("get", id));
    inert(terminal.run("get", id, "--json"));
    inert(terminal.run("jobs"));
    inert(terminal.run("get", "job_\u001b[2J"));
    inert(terminal.run("submit", "\u001b[2J"));
    inert(terminal.run("\u001b[2J"));
  }

  @Test
  void in_a_pipe_json_is_what_the_server_sent() {
    String id = Shell.at(server.url()).run("submit", "simulate", "-i", "{\"output\":1.10}").id();
    Said said = Shell.at(server.url()).run("watch", id, "--json");
    assertThat(said.out()).startsWith("{\"id\":\"" + id).contains("1.10").endsWith("}\n");
    assertThat(said.out().strip().lines()).hasSize(1);
  }

  private static void inert(Said said) {
    String rest = (said.out() + said.err()).replaceAll(OURS, "");
    assertThat(rest.chars().filter(c -> Character.isISOControl(c) || c == 0x202e)).isEmpty();
  }
}
