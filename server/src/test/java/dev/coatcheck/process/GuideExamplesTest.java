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

/** The marked examples of guides, those of each in their order, in one shell. */
@Timeout(120)
class GuideExamplesTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- run: (\\w+) -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void dead_letters() throws Exception {
    Map<String, String> examples = examples("dead-letters.md");
    assertThat(examples)
        .containsOnlyKeys("fail", "groups", "redrive", "operation", "discard", "cancel");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), Map.of())) {
      Map<String, String> said = run(examples, server.url());
      assertThat(said.get("fail"))
          .contains("\"message\":\"no answer from req-17\"", "\"state\":\"open\"");
      assertThat(said.get("groups")).contains("\"count\":1");
      assertThat(said.get("redrive")).contains("{\"redriven\":[{\"from\":\"job_");
      assertThat(said.get("redrive")).contains("\"code\":\"already_redriven\"");
      assertThat(said.get("operation"))
          .contains("{\"matched\":0,\"sample\":[]}", "\"kind\":\"redrive\"", "\"done\":true");
      assertThat(said.get("discard")).contains("{\"discarded\":0}");
      assertThat(said.get("cancel"))
          .contains("\"kind\":\"cancel\",\"matched\":1,\"done\":true,\"succeeded\":1");
    }
  }

  @Test
  void equal_work_and_many_jobs() throws Exception {
    Map<String, String> examples = examples("reuse.md");
    assertThat(examples).containsOnlyKeys("define", "refresh", "bulk");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), Map.of())) {
      Map<String, String> said = run(examples, server.url());
      assertThat(said.get("define")).contains("\"coalesce\":\"inflight\",\"cache_ttl\":\"1h\"");
      assertThat(said.get("refresh"))
          .contains("\"wait_reason\":\"coalesced\"", "\"coalesced_with\":null");
      assertThat(said.get("bulk")).contains("{\"accepted\":2,\"rejected\":0,");
    }
  }

  @Test
  void fairness_and_limits() throws Exception {
    Map<String, String> examples = examples("fairness.md");
    assertThat(examples).containsOnlyKeys("define", "submit");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), Map.of())) {
      Map<String, String> said = run(examples, server.url());
      assertThat(said.get("define")).contains("\"concurrency\":50,\"concurrency_per_key\":5");
      assertThat(said.get("submit")).contains("\"worker\":\"simulate\"", "\"error\":null");
    }
  }

  private static Map<String, String> examples(String name) throws IOException {
    Map<String, String> examples = new LinkedHashMap<>();
    Path guide = Path.of("..", "docs", "guides", name);
    Matcher matcher = EXAMPLE.matcher(Files.readString(guide));
    while (matcher.find()) {
      examples.put(matcher.group(1), matcher.group(2));
    }
    return examples;
  }

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
