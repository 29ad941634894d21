package dev.coatcheck.runners;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A runner in a process of its own. */
final class RunnerProcess implements AutoCloseable {

  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private RunnerProcess(Process process) {
    this.process = process;
    Thread.startVirtualThread(this::read);
  }

  static RunnerProcess python(String url, String worker, int concurrency) throws IOException {
    return example("python", url, worker, concurrency);
  }

  /** One of the examples: {@code python} or {@code node}. */
  static RunnerProcess example(String language, String url, String worker, int concurrency)
      throws IOException {
    List<String> command =
        switch (language) {
          case "python" ->
              List.of("python3", EXAMPLES.resolve("python-runner/runner.py").toString());
          case "node" -> List.of("node", EXAMPLES.resolve("node-runner/runner.mjs").toString());
          default -> throw new IllegalArgumentException(language);
        };
    return start(command, url, worker, concurrency);
  }

  /** The one in Java, made for tests. */
  static RunnerProcess java(String url, String worker, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.coatcheck.runners.SleepyRunner"));
    command.addAll(List.of(arguments));
    return start(command, url, worker, 4);
  }

  private static RunnerProcess start(
      List<String> command, String url, String worker, int concurrency) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("COATCHECK_"));
    builder.environment().put("COATCHECK_URL", url);
    builder.environment().put("WORKER", worker);
    builder.environment().put("CONCURRENCY", Integer.toString(concurrency));
    return new RunnerProcess(builder.start());
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException closed) {
      // The process has ended.
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What it said so far. */
  String said() {
    return String.join("\n", lines);
  }

  /** {@code STOP}, {@code CONT}, {@code TERM} or {@code KILL}. */
  void signal(String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    if (exit != 0) {
      throw new IOException("kill -" + name + " of " + pid() + " failed");
    }
  }

  /** The exit code, once it has ended by itself. */
  int ended() throws InterruptedException {
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the runner did not end: " + said());
    }
    return process.exitValue();
  }

  /** Waits for its end, however long. */
  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
