package dev.coatcheck.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server started as a user starts it, on a free port. */
final class ServerProcess implements AutoCloseable {

  private static final String READY = "Coatcheck is ready at ";

  private final Process process;
  private final String url;

  private ServerProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static ServerProcess start(Path data, Map<String, String> environment) throws IOException {
    Process process = launch(data, environment);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.startsWith(READY)) {
        return new ServerProcess(process, line.substring(READY.length()).strip());
      }
    }
    throw new IOException("the server did not become ready: " + said);
  }

  /** Starts the program without waiting for it to be ready. */
  static Process launch(Path data, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.coatcheck.server.Main",
            "serve",
            "--port",
            "0",
            "--data",
            data.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("COATCHECK_"));
    builder.environment().putAll(environment);
    builder.redirectError(data.resolveSibling(data.getFileName() + ".log").toFile());
    return builder.start();
  }

  String url() {
    return url;
  }

  /** SIGKILL: no word of farewell. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
      throw new IllegalStateException("the server did not stop within a minute");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
