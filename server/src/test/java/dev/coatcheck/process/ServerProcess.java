package dev.coatcheck.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server started as a user starts it. */
public final class ServerProcess implements AutoCloseable {

  private static final String READY = "Coatcheck is ready at ";

  private final Process process;
  private volatile String url = "";

  private ServerProcess(Process process) {
    this.process = process;
  }

  /**
   * How to start it.
   *
   * @param port 0 for a free one
   * @param prefix words before the program, like those of a tool that runs it under faults
   */
  public record Plan(Path data, int port, Map<String, String> environment, List<String> prefix) {

    public static Plan at(Path data) {
      return new Plan(data, 0, Map.of(), List.of());
    }

    public Plan onPort(int wanted) {
      return new Plan(data, wanted, environment, prefix);
    }

    public Plan under(String... words) {
      return new Plan(data, port, environment, List.of(words));
    }
  }

  static ServerProcess start(Path data, Map<String, String> environment) throws IOException {
    return start(new Plan(data, 0, environment, List.of()));
  }

  /** Starts it and waits until it is ready. */
  public static ServerProcess start(Plan plan) throws IOException {
    ServerProcess server = begin(plan);
    server.awaitReady();
    return server;
  }

  /** Starts it, and does not wait until it is ready. */
  public static ServerProcess begin(Plan plan) throws IOException {
    return new ServerProcess(launch(plan));
  }

  /**
   * Waits until it is ready; to be called once.
   *
   * @throws IOException if it ends before
   */
  public void awaitReady() throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.startsWith(READY)) {
        url = line.substring(READY.length()).strip();
        return;
      }
    }
    throw new IOException("the server did not become ready: " + said);
  }

  /** Starts the program without waiting for it to be ready. */
  static Process launch(Path data, Map<String, String> environment) throws IOException {
    return launch(new Plan(data, 0, environment, List.of()));
  }

  private static Process launch(Plan plan) throws IOException {
    List<String> words = new ArrayList<>(plan.prefix());
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.coatcheck.server.Main",
            "serve",
            "--port",
            Integer.toString(plan.port()),
            "--data",
            plan.data().toString()));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.startsWith("COATCHECK_"));
    builder.environment().putAll(plan.environment());
    Path log = plan.data().resolveSibling(plan.data().getFileName() + ".log");
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  /** Where it can be reached; empty until it is ready. */
  public String url() {
    return url;
  }

  public int port() {
    return java.net.URI.create(url).getPort();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Whether it became ready and has not ended. */
  public boolean serves() {
    return !url.isEmpty() && alive();
  }

  /** Waits until it has ended, however that comes about. */
  public void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  public long pid() {
    return process.pid();
  }

  /** SIGKILL: no word of farewell. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; the exit code. */
  public int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
      throw new IllegalStateException("the server did not stop within a minute");
    }
    return process.exitValue();
  }

  /** Waits for it to end by itself; the exit code. */
  public int exit(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the server did not end within " + atMost);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
