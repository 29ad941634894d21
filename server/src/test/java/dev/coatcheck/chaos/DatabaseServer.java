package dev.coatcheck.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server in a folder and at a port of its own, that can be killed with all its
 * processes. Its files are synced, as those of a real one.
 */
final class DatabaseServer implements AutoCloseable {

  static final String USER = "postgres";
  static final String DATABASE = "postgres";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int POLL_MS = 5;
  private static final String OPTIONS = "postmaster.opts";

  private final Path program;
  private final Path folder;
  private final int port;
  private final List<String> settings;
  private Process process;

  private DatabaseServer(Path program, Path folder, int port, List<String> settings)
      throws IOException, InterruptedException {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.settings = settings;
    process = launch();
    awaitAnswer();
  }

  /**
   * Makes a new one and starts it.
   *
   * @param settings like {@code name=value}
   */
  static DatabaseServer create(Path folder, List<String> settings)
      throws IOException, InterruptedException {
    // Unpacks the programs, makes the files, and leaves word of where the programs are.
    EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setConnectConfig("connectTimeout", "5")
        .start()
        .close();
    String started = Files.readString(folder.resolve(OPTIONS));
    Path program = Path.of(started.substring(0, started.indexOf(' ')));
    return new DatabaseServer(program, folder, freePort(), settings);
  }

  /** Starts one on a copy that is made of another while that runs, to follow it. */
  static DatabaseServer following(DatabaseServer leader, Path folder, int port)
      throws IOException, InterruptedException, SQLException {
    new Copy(leader.folder, folder).of(leader);
    Files.writeString(
        folder.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=%s application_name=follower'%n"
            .formatted(leader.port, USER));
    Files.createFile(folder.resolve("standby.signal"));
    return new DatabaseServer(leader.program, folder, port, leader.settings);
  }

  /** The same server again, after it was killed, without a standby. */
  void startAlone() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("postgresql.auto.conf"), "");
    process = launch();
    awaitAnswer();
  }

  private Process launch() throws IOException {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // It refuses to run as root; in a name space of its own it is nobody.
      words.addAll(List.of("unshare", "-U"));
    }
    words.addAll(List.of(program.toString(), "-D", folder.toString(), "-p", String.valueOf(port)));
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "dynamic_shared_memory_type=mmap",
            "shared_buffers=32MB",
            "wal_keep_size=512MB"));
    all.forEach(setting -> words.addAll(List.of("-c", setting)));
    Path log = folder.resolveSibling(folder.getFileName() + ".log");
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private void awaitAnswer() throws InterruptedException {
    await("it answers", "SELECT 1", "1");
  }

  /** Waits until the answer is as expected. */
  void await(String what, String sql, String expected) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      try {
        if (ask(sql).equals(expected)) {
          return;
        }
      } catch (SQLException notYet) {
        // It starts.
      }
      Thread.sleep(POLL_MS);
    }
    throw new IllegalStateException("not within " + PATIENCE + ": " + what);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, USER, "");
  }

  /** The first column of the first row, or nothing. */
  String ask(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      return first(statement, sql);
    }
  }

  static String first(Statement statement, String sql) throws SQLException {
    if (!statement.execute(sql)) {
      return "";
    }
    try (ResultSet rows = statement.getResultSet()) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  int port() {
    return port;
  }

  /** What a store on it is named by. */
  String url() {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(USER, port, DATABASE);
  }

  /** From now on it takes changes; it has followed another one until now. */
  void promote() throws SQLException, InterruptedException {
    ask("SELECT pg_promote(false)");
    await("it takes changes", "SELECT pg_is_in_recovery()", "f");
  }

  /** SIGKILL to all its processes. */
  void kill() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
  }

  /** Stops all its processes in their tracks, or lets them go on. */
  void freeze(boolean still) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("kill", still ? "-STOP" : "-CONT"));
    words.add(String.valueOf(process.pid()));
    process.descendants().forEach(child -> words.add(String.valueOf(child.pid())));
    // One that had just ended is named in vain.
    new ProcessBuilder(words).start().waitFor();
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
