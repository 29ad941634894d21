package dev.coatcheck.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands do what the README says, in its order, in one shell. */
@Timeout(120)
class ReadmeTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- run: (\\w+) -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void every_marked_example_works_as_printed() throws Exception {
    Map<String, String> examples = examples();
    assertThat(examples).containsOnlyKeys("submit", "wait", "stream", "cancel", "file", "runner");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), Map.of())) {
      Map<String, String> said = run(examples, server.url());
      assertThat(said.get("submit")).contains("\"id\":\"job_").contains("\"done\":false");
      assertThat(said.get("wait"))
          .contains("\"status\":\"succeeded\"")
          .contains("\"slept_ms\":1500")
          .contains("{\"answer\":42}");
      assertThat(said.get("stream"))
          .contains("event: snapshot", "event: status", "event: progress", "event: done")
          .containsOnlyOnce("id: 2000000\n");
      assertThat(said.get("cancel")).contains("\"status\":\"canceled\"");
      assertThat(said.get("file"))
          .contains("\"worker\":\"summarize\"", "\"input\":{\"file\":\"file_", "\"sentences\":1")
          .contains("\"name\":\"tides.txt\"", "\"size\":111");
      assertThat(said.get("runner"))
          .contains("\"kind\":\"pull\"", "\"status\":\"succeeded\"}", "{\"said\":\"HELLO\"}");
    }
  }

  private static Map<String, String> examples() throws IOException {
    Map<String, String> examples = new LinkedHashMap<>();
    Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("..", "README.md")));
    while (matcher.find()) {
      examples.put(matcher.group(1), matcher.group(2));
    }
    return examples;
  }

  /** Runs all in one shell, for they share variables; what each said, by its name. */
  private Map<String, String> run(Map<String, String> examples, String url) throws Exception {
    StringBuilder script = new StringBuilder("set -eu\n");
    examples.forEach(
        (name, text) -> script.append("echo; echo '@@ ").append(name).append("'\n").append(text));
    Process shell =
        new ProcessBuilder("sh", "-c", script.toString().replace("http://127.0.0.1:8080", url))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).as(output).isZero();
    Map<String, String> said = new LinkedHashMap<>();
    for (String part : output.split("\n@@ ")) {
      int end = part.indexOf('\n');
      if (end > 0) {
        said.put(part.substring(0, end).strip(), part.substring(end + 1));
      }
    }
    return said;
  }
}
