package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.Shell.Said;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody listens where these commands point: what is wrong must be found before. */
@Timeout(60)
class InputTest {

  private static final Shell SHELL = Shell.at("http://127.0.0.1:1");
  private static final int UNREACHABLE = 3;

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{}{}", "[1,]", "nope", "{'a':1}", "{\"a\":1} x", "\u0000", "NaN"})
  void what_is_not_one_json_value_is_wrong_input(String json) {
    Said said = SHELL.run("submit", "w", "-i", json);
    assertThat(said.exit()).as("%s", said).isEqualTo(2);
    assertThat(said.err()).contains("--input").contains("not JSON").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", " [1, 2]\n", "\"text\"", "null", "1e400", "{\"a\":1,\"a\":2}"})
  void any_json_value_goes_to_the_server(String json) {
    assertThat(SHELL.run("submit", "w", "-i", json).exit()).isEqualTo(UNREACHABLE);
  }

  @Test
  void json_that_is_nested_too_deeply_is_wrong_input() {
    assertThat(SHELL.run("submit", "w", "-i", "[".repeat(100_000)).exit()).isEqualTo(2);
  }

  @Test
  void input_without_an_end_is_not_read_to_the_end() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    Said said = SHELL.reading(endless).run("submit", "w", "-i", "-");
    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("larger than 64 MiB");
  }

  @Test
  void input_comes_from_standard_input_or_from_a_file(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("in.json"), "{\"a\": 1}");
    assertThat(SHELL.reading("{}").run("submit", "w", "-i", "-").exit()).isEqualTo(UNREACHABLE);
    assertThat(SHELL.run("submit", "w", "-i", "@" + file).exit()).isEqualTo(UNREACHABLE);
    assertThat(SHELL.run("submit", "w", "-t", "@" + file).exit()).isEqualTo(UNREACHABLE);
  }

  @Test
  void a_file_that_cannot_be_read_is_wrong_input(@TempDir Path folder) throws Exception {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
    for (String file : new String[] {folder + "/none", folder.toString(), binary.toString(), ""}) {
      Said said = SHELL.run("submit", "w", "-i", "@" + file);
      assertThat(said.exit()).as("%s", said).isEqualTo(2);
      assertThat(said.err()).doesNotContain("\tat ").hasLineCount(1);
    }
  }

  @Test
  void options_that_cannot_be_right_are_wrong_usage() {
    String[][] wrong = {
      {"submit"},
      {"submit", ""},
      {"submit", "w", "--delay", "20"},
      {"submit", "w", "--run-at", "tomorrow"},
      {"submit", "w", "--priority", "high"},
      {"submit", "w", "-i", "{}", "-t", "text"},
      {"submit", "w", "--idempotency-key", "ä"},
      {"submit", "w", "-m", "novalue"},
      {"get", " "},
      {"get", "x".repeat(101)},
      {"jobs", "--limit", "0"},
      {"retry", "job_1", "--patch", "{"},
      {"submit", "w", "--key", "secret"},
      {"get", "job_1", "--url", "nowhere"}
    };
    for (String[] args : wrong) {
      Said said = SHELL.run(args);
      assertThat(said.exit()).as("%s", String.join(" ", args)).isEqualTo(2);
      assertThat(said.err()).isNotBlank().doesNotContain("\tat ").doesNotContain("secret");
    }
  }

  @Test
  void a_word_that_is_nearly_a_command_is_answered_with_the_command() {
    assertThat(SHELL.run("submti").err()).contains("submit");
  }

  @Test
  void every_command_explains_itself() {
    String[] commands = {
      "demo", "serve", "submit", "watch", "get", "cancel", "retry", "jobs", "workers", "config",
      "doctor", "openapi"
    };
    Said all = Shell.with(Map.of()).run();
    assertThat(all.exit()).isZero();
    for (String command : commands) {
      assertThat(all.out()).contains("  " + command + " ");
      Said help = Shell.with(Map.of()).run(command, "--help");
      assertThat(help.exit()).isZero();
      assertThat(help.out()).contains("Usage: ./coatcheck " + command);
      assertThat(help.out().lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }
  }
}
