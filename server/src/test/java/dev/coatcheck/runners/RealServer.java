package dev.coatcheck.runners;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server as a user starts it, which can be killed and started again in the same place. */
final class RealServer implements AutoCloseable {

  private static final String READY = "Coatcheck is ready at ";

  private final Path data;
  private final int port;
  private final Duration lease;
  private Process process;

  private RealServer(Path data, Duration lease) throws IOException {
    this.data = data;
    this.lease = lease;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    this.process = launch();
  }

  /** Starts one whose leases last so long. */
  static RealServer start(Path data, Duration lease) throws IOException {
    return new RealServer(data, lease);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Starts again where the killed one was. */
  void restart() throws IOException {
    process = launch();
  }

  private Process launch() throws IOException {
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
            Integer.toString(port),
            "--data",
            data.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("COATCHECK_"));
    builder.environment().put("COATCHECK_LEASE_DURATION", lease.toMillis() + "ms");
    builder.redirectError(data.resolveSibling(data.getFileName() + ".log").toFile());
    Process started = builder.start();
    BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      if (line.startsWith(READY)) {
        return started;
      }
    }
    throw new IOException("the server did not become ready: " + said);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
