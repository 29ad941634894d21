package dev.coatcheck.runners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/guides/runners.md} do what it says, the runner in shell included. */
@Timeout(120)
class GuideTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- run: (\\w+) -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  /** Ends the runner that the guide starts. */
  private static final String AFTERWARDS =
      "kill $RUNNER; wait $RUNNER; echo; echo '@@ end'; echo 'the runner has ended'";

  @TempDir private Path folder;

  @Test
  void every_marked_example_works_as_printed() throws Exception {
    Map<String, String> examples = examples();
    assertThat(examples).containsOnlyKeys("define", "shell", "submit", "cancel", "suspend");
    try (RealServer server = RealServer.start(folder.resolve("data"), Duration.ofSeconds(3))) {
      Map<String, String> said = run(examples, server.url());
      assertThat(said.get("define")).contains("\"kind\":\"pull\"", "\"version\":1");
      assertThat(said.get("submit"))
          .contains("event: snapshot", "event: done", "\"output\":{\"text\":\"SAY IT LOUDER\"}")
          .contains("\"number\":1,\"status\":\"succeeded\"");
      assertThat(said.get("cancel")).contains("\"status\":\"canceled\"");
      assertThat(said.get("suspend"))
          .contains("{\"status\":\"running\",\"wait_reason\":\"callback\"}")
          .contains("{\"received\":true,\"effect\":\"resumed\"}")
          .contains(
              "{\"reason\":\"callback\",\"state\":{\"asked\":\"yes or no?\"},\"body\":{\"answer\":\"yes\"}}")
          .contains("\"status\":\"succeeded\"");
      assertThat(said.get("end")).contains("the runner has ended");
      assertThat(new Api(server.url()).heartbeats()).containsOnlyKeys("200");
    }
  }

  private static Map<String, String> examples() throws IOException {
    Map<String, String> examples = new LinkedHashMap<>();
    Path guide = Path.of("..", "docs", "guides", "runners.md");
    Matcher matcher = EXAMPLE.matcher(Files.readString(guide));
    while (matcher.find()) {
      examples.put(matcher.group(1), matcher.group(2));
    }
    return examples;
  }

  /** Runs all in one shell, for they share variables; what each said, by its name. */
  private Map<String, String> run(Map<String, String> examples, String url) throws Exception {
    StringBuilder script = new StringBuilder();
    examples.forEach((name, text) -> {
      script.append("echo; echo '@@ ").append(name).append("'\n").append(text);
      script.append(name.equals("shell") ? "RUNNER=$!\n" : "");
    });
    script.append(AFTERWARDS);
    Path file =
        Files.writeString(
            folder.resolve("guide.sh"), script.toString().replace("http://127.0.0.1:8080", url));
    Path output = folder.resolve("said");
    Process shell =
        new ProcessBuilder("sh", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(shell.waitFor(90, TimeUnit.SECONDS)).as("the guide comes to an end").isTrue();
    Map<String, String> said = new LinkedHashMap<>();
    for (String part : Files.readString(output, StandardCharsets.UTF_8).split("\n@@ ")) {
      int end = part.indexOf('\n');
      if (end > 0) {
        said.put(part.substring(0, end).strip(), part.substring(end + 1));
      }
    }
    return said;
  }
}
