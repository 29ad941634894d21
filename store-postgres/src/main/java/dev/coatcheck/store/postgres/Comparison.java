package dev.coatcheck.store.postgres;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.base.Missed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a database that was put back to an earlier state with the one that went on after that.
 * Both are only read.
 */
public final class Comparison implements AutoCloseable {

  private static final Pool.Purpose OLD =
      new Pool.Purpose("old", 1, java.time.Duration.ofSeconds(4), true);

  /** How long one look may take. */
  private static final int LOOK_MS = 600_000;

  /** Rows that are compared at once. */
  private static final int PAGE = 1_000;

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private record Open(JobId id, String worker) {}

  private record End(JobId id, String status, Instant at) {}

  private record Callback(JobId job, long fence, Instant at) {

    /** Which it is, whenever it came. */
    Callback key() {
      return new Callback(job, fence, Instant.EPOCH);
    }
  }

  private record File(FileId id, String name) {}

  private final Url oldUrl;
  private final Pool oldPool;
  private final Connection here;
  private final Connection there;

  private Comparison(Url oldUrl, Pool oldPool, Connection here, Connection there) {
    this.oldUrl = oldUrl;
    this.oldPool = oldPool;
    this.here = here;
    this.there = there;
  }

  /**
   * Opens the other database.
   *
   * @throws StoreRefusedException if it cannot be read, a node works on it, or it is no other
   *     database, or one of something else
   */
  static Comparison open(Pool pool, String oldUrl) {
    Url url = Url.parse(oldUrl);
    Pool old = null;
    Connection here = null;
    try {
      old = new Pool(url, OLD);
      here = patient(pool);
      Comparison comparison = new Comparison(url, old, here, patient(old));
      comparison.check();
      return comparison;
    } catch (SQLException | RuntimeException e) {
      close(here);
      if (old != null) {
        old.close();
      }
      throw e instanceof StoreRefusedException refused ? refused : unreadable(url, e);
    }
  }

  private static Connection patient(Pool pool) throws SQLException {
    Connection connection = pool.connection();
    connection.setNetworkTimeout(Runnable::run, LOOK_MS);
    return connection;
  }

  private static StoreRefusedException unreadable(Url url, Exception e) {
    return new StoreRefusedException("cannot read " + url + ": " + e.getMessage(), e);
  }

  private void check() throws SQLException {
    if (!Arrays.equals(secret(here), secret(there))) {
      throw new StoreRefusedException(
          oldUrl + " is not what this database was restored from: it began as another", null);
    }
    if (same()) {
      throw new StoreRefusedException(oldUrl + " is the restored database itself", null);
    }
    if (is(there, Sql.NODES_ALIVE)) {
      throw new StoreRefusedException(
          oldUrl + " is in use: stop its nodes first. One that died counts until its lease is over",
          null);
    }
  }

  private static byte[] secret(Connection connection) throws SQLException {
    return new Session(connection)
        .bind(Sql.SECRET)
        .list(row -> Objects.requireNonNull(row.bytes()))
        .getFirst();
  }

  private static boolean is(Connection connection, Sql sql) throws SQLException {
    return Boolean.TRUE.equals(new Session(connection).bind(sql).first(Columns::flag));
  }

  private boolean same() throws SQLException {
    here.setAutoCommit(false);
    try {
      if (!is(here, Sql.ONLY_HERE)) {
        throw new StoreRefusedException("this database is being compared already", null);
      }
      return !is(there, Sql.ONLY_HERE);
    } finally {
      here.rollback();
      here.setAutoCommit(true);
    }
  }

  /**
   * Tells of all that the old database had acknowledged and the restored one does not know: jobs,
   * ends, callbacks, files, workers.
   *
   * @throws StoreRefusedException if one of them cannot be read
   */
  public void missed(Consumer<Missed> each) {
    try {
      jobs(each);
      ends(each);
      callbacks(each);
      files(each);
      workers(each);
    } catch (SQLException e) {
      throw unreadable(oldUrl, e);
    }
  }

  private void jobs(Consumer<Missed> each) throws SQLException {
    List<JobId> page = List.of();
    do {
      page = after(there, Sql.PAGE_OF_JOBS, last(page)).list(Columns::id);
      Set<JobId> missing = new HashSet<>(page);
      new Session(here).bind(Sql.KNOWN_JOBS).ids(page).list(Columns::id).forEach(missing::remove);
      if (!missing.isEmpty()) {
        new Session(there)
            .bind(Sql.WHOLE_JOBS)
            .ids(List.copyOf(missing))
            .list(row ->
                new Missed.Job(
                    row.id(), row.text(), row.text(), Objects.requireNonNull(row.payload())))
            .forEach(each);
      }
    } while (page.size() == PAGE);
  }

  private static Bind after(Connection connection, Sql sql, UUID last) {
    return new Session(connection).bind(sql).uuid(last).number(PAGE);
  }

  private static UUID last(List<JobId> page) {
    return page.isEmpty() ? BEFORE_ALL : Uuids.of(page.getLast());
  }

  /** Takes pages of what is open here. */
  private interface Page {
    void take(Map<JobId, String> workers, List<JobId> jobs) throws SQLException;
  }

  private void open(Page each) throws SQLException {
    List<JobId> page = List.of();
    do {
      Map<JobId, String> workers = new LinkedHashMap<>();
      after(here, Sql.PAGE_OF_OPEN_JOBS, last(page))
          .list(row -> new Open(row.id(), row.text()))
          .forEach(job -> workers.put(job.id(), job.worker()));
      page = List.copyOf(workers.keySet());
      each.take(workers, page);
    } while (page.size() == PAGE);
  }

  private void ends(Consumer<Missed> each) throws SQLException {
    open((workers, jobs) -> {
      Map<JobId, End> ends =
          endsThere(jobs).stream().collect(Collectors.toMap(End::id, end -> end));
      Set<JobId> known =
          Set.copyOf(new Session(there).bind(Sql.KNOWN_JOBS).ids(jobs).list(Columns::id));
      workers.forEach((job, worker) -> {
        End end = ends.get(job);
        if (end != null) {
          each.accept(new Missed.End(job, worker, end.status(), end.at()));
        } else if (!known.contains(job)) {
          each.accept(new Missed.End(job, worker, "gone", null));
        }
      });
    });
  }

  private List<End> endsThere(List<JobId> jobs) throws SQLException {
    return new Session(there)
        .bind(Sql.ENDS_OF_JOBS)
        .ids(jobs)
        .list(row -> new End(row.id(), row.text(), row.time()));
  }

  private void callbacks(Consumer<Missed> each) throws SQLException {
    open((workers, jobs) -> {
      Set<JobId> ended = endsThere(jobs).stream().map(End::id).collect(Collectors.toSet());
      Set<Callback> heard =
          callbacks(here, jobs).stream().map(Callback::key).collect(Collectors.toSet());
      for (Callback callback : callbacks(there, jobs)) {
        if (!heard.contains(callback.key()) && !ended.contains(callback.job())) {
          String worker = Objects.requireNonNull(workers.get(callback.job()));
          each.accept(new Missed.Callback(callback.job(), worker, callback.at()));
        }
      }
    });
  }

  private static List<Callback> callbacks(Connection connection, List<JobId> jobs)
      throws SQLException {
    return new Session(connection)
        .bind(Sql.CALLBACKS_OF_JOBS)
        .ids(jobs)
        .list(row -> new Callback(row.id(), row.number(), row.time()));
  }

  private void files(Consumer<Missed> each) throws SQLException {
    List<File> page = List.of();
    do {
      UUID last = page.isEmpty() ? BEFORE_ALL : Uuids.of(page.getLast().id());
      page = after(there, Sql.PAGE_OF_FILES, last).list(row -> new File(row.fileId(), row.text()));
      Object[] ids = page.stream().map(file -> Uuids.of(file.id())).toArray();
      Set<FileId> known =
          Set.copyOf(
              new Session(here).bind(Sql.KNOWN_FILES).array("uuid", ids).list(Columns::fileId));
      for (File file : page) {
        if (!known.contains(file.id())) {
          each.accept(new Missed.File(file.id(), file.name()));
        }
      }
    } while (page.size() == PAGE);
  }

  private void workers(Consumer<Missed> each) throws SQLException {
    Set<Missed.Worker> known = Set.copyOf(workers(here));
    workers(there).stream().filter(worker -> !known.contains(worker)).forEach(each);
  }

  private static List<Missed.Worker> workers(Connection connection) throws SQLException {
    return new Session(connection)
        .bind(Sql.WORKER_VERSIONS)
        .list(row -> new Missed.Worker(row.text(), row.count()));
  }

  @Override
  public void close() {
    close(here);
    close(there);
    oldPool.close();
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      System.getLogger(Comparison.class.getName())
          .log(System.Logger.Level.DEBUG, "the connection was gone", e);
    }
  }
}
