package dev.coatcheck.chaos;

import java.nio.file.Path;
import java.util.List;

/**
 * Two PostgreSQL servers: a primary that acknowledges nothing before the other has it, and that
 * other, its standby. Whichever is killed comes back as the standby of the one that is left.
 */
final class Pair implements AutoCloseable {

  private final Path folder;
  private DatabaseServer primary;
  private DatabaseServer standby;
  private int copies;

  private Pair(Path folder, DatabaseServer primary) throws Exception {
    this.folder = folder;
    this.primary = primary;
    standby = follower(DatabaseServer.freePort());
  }

  /**
   * Makes both.
   *
   * @param settings of the servers, like {@code name=value}
   */
  static Pair create(Path folder, List<String> settings) throws Exception {
    return new Pair(folder, DatabaseServer.create(folder.resolve("first"), settings));
  }

  private DatabaseServer follower(int port) throws Exception {
    DatabaseServer made =
        DatabaseServer.following(primary, folder.resolve("copy-" + ++copies), port);
    primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.ask("SELECT pg_reload_conf()");
    primary.await("it waits for its standby", "SELECT sync_state FROM pg_stat_replication", "sync");
    return made;
  }

  /** What a store on them is named by. */
  String url() {
    return "postgresql://%s@127.0.0.1:%d,127.0.0.1:%d/%s"
        .formatted(DatabaseServer.USER, primary.port(), standby.port(), DatabaseServer.DATABASE);
  }

  void killPrimary() throws InterruptedException {
    primary.kill();
  }

  /** The standby is the primary from now on, and alone. */
  void promote() throws Exception {
    standby.promote();
    DatabaseServer gone = primary;
    primary = standby;
    standby = gone;
  }

  /** The one that is gone comes back as a copy of the other that follows it. */
  void rebuild() throws Exception {
    standby = follower(standby.port());
  }

  /** Both at once. */
  void killBoth() throws InterruptedException {
    primary.kill();
    standby.kill();
  }

  /** The primary comes back alone, with what it had written. */
  void restart() throws Exception {
    primary.startAlone();
  }

  @Override
  public void close() {
    primary.close();
    standby.close();
  }
}
