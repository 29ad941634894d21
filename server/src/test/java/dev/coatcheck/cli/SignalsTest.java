package dev.coatcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own, told to end. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class SignalsTest {

  private static final String READY = "Coatcheck is ready at ";

  @TempDir private Path folder;

  private Process launch(String log, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.coatcheck.server.Main");
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("COATCHECK_"));
    return builder.redirectError(folder.resolve(log).toFile()).start();
  }

  private Process serve() throws IOException {
    return launch("serve.log", "serve", "--port", "0", "--data", folder.resolve("data").toString());
  }

  private static String url(Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    assertThat(line).startsWith(READY);
    return line.substring(READY.length());
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private void awaitLog(String name, String text) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> log(name).contains(text));
  }

  private static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  private static int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void a_server_told_to_stop_ends_with_zero() throws Exception {
    Process server = serve();
    url(server);
    server.destroy();
    assertThat(end(server)).isZero();
    assertThat(log("serve.log")).contains("Open mode").endsWith("Stopped.\n");
  }

  @Test
  void a_second_signal_stops_the_server_at_once() throws Exception {
    Process server = serve();
    String url = url(server);
    Shell.at(url).run("submit", "simulate", "-i", "{\"duration_ms\": 600000}");
    server.destroy();
    awaitLog("serve.log", "a second signal");
    server.destroy();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isEqualTo(130);
    assertThat(log("serve.log")).doesNotContain("Stopped.");
  }

  @Test
  void whoever_stops_watching_is_told_that_the_job_goes_on() throws Exception {
    Process server = serve();
    try {
      String url = url(server);
      String id =
          Shell.at(url)
              .run("submit", "simulate", "-i", "{\"duration_ms\": 600000, \"steps\": 1000}")
              .id();
      Process watch = launch("watch.log", "watch", id, "--url", url);
      awaitLog("watch.log", "of 1000");
      signal(watch, "TERM");
      assertThat(end(watch)).isNotZero();
      assertThat(log("watch.log")).contains("The job goes on").contains("./coatcheck watch " + id);
      assertThat(Shell.at(url).run("get", id).out()).contains("running");
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void a_port_that_is_taken_is_one_clear_line() throws Exception {
    Process server = serve();
    try {
      String port = url(server).replaceAll(".*:", "");
      String other = folder.resolve("other").toString();
      Process second = launch("second.log", "serve", "--port", port, "--data", other);
      assertThat(end(second)).isEqualTo(78);
      assertThat(log("second.log")).contains("Port " + port).contains("in use").hasLineCount(1);
    } finally {
      server.destroyForcibly();
    }
  }
}
