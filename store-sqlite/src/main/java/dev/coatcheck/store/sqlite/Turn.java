package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.base.Hints;
import dev.coatcheck.store.base.News;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one transaction work with. There is one turn for the writer's whole life; its
 * time changes with each transaction.
 */
final class Turn {

  /**
   * What is the same in every transaction.
   *
   * @param secretHigh with {@code secretLow} the secret in the tokens of this node's own leases
   */
  record Fixed(
      RunnerId node,
      long secretHigh,
      long secretLow,
      RandomGenerator random,
      Set<String> indexedMetadata) {}

  private final Session session;
  private final Fixed fixed;
  private final Counters counters;
  private final Workers workers;
  private final Hints hints;
  private final News news;
  private final Held held = new Held();
  private final Completions completions = new Completions(this);
  private long seq;
  private boolean inserts;
  private Instant now = Instant.EPOCH;

  Turn(Session session, Fixed fixed, Counters counters, Workers workers, Hints hints) {
    this.session = session;
    this.fixed = fixed;
    this.counters = counters;
    this.workers = workers;
    this.hints = hints;
    news = new News(hints);
  }

  void start(Instant at) {
    now = at;
  }

  /** The last sequence number that was given. */
  void continueAfter(long last) {
    seq = last;
  }

  long nextSeq() {
    return ++seq;
  }

  Instant now() {
    return now;
  }

  Fixed fixed() {
    return fixed;
  }

  Counters counters() {
    return counters;
  }

  Workers workers() {
    return workers;
  }

  News hints() {
    return news;
  }

  Held held() {
    return held;
  }

  Completions completions() {
    return completions;
  }

  Bind bind(Sql sql) throws SQLException {
    return new Bind(session.statement(sql));
  }

  int[] executeBatch(Sql sql) throws SQLException {
    return session.statement(sql).executeBatch();
  }

  /** The insert of jobs is gathered, so that many small submissions cost one batch. */
  Bind bindInsert() throws SQLException {
    inserts = true;
    return bind(Sql.INSERT_JOB);
  }

  /** Writes what was gathered; to be called before anything looks at or changes jobs. */
  void flush() throws SQLException {
    if (inserts) {
      inserts = false;
      executeBatch(Sql.INSERT_JOB);
    }
    completions.flush();
  }

  /** The transaction is durable. */
  void tell() {
    hints.give(news);
    news.drop();
  }

  /** Nothing more is written. */
  void broken(StoreUnavailableException cause) {
    hints.broken(cause);
  }

  /** Undoes the transaction, with what was gathered for it. */
  void undo() throws SQLException {
    inserts = false;
    completions.forget();
    counters.undo();
    workers.undo();
    news.drop();
    session.rollback();
  }

  /** Lets the file grow by this many pages only; 0 for as many as there may be. */
  void limitGrowth(long pages) throws SQLException {
    long most = pages == 0 ? 0xFFFFFFFEL : session.pageCount() + pages;
    session.execute("PRAGMA max_page_count = " + most);
  }

  /** Tells that a job has changed, and those that share it. */
  void tell(Head head, Phase to) throws SQLException {
    news.changed(head.id(), to);
    if (head.shared() && !to.done()) {
      try (ResultSet rows = bind(Sql.FOLLOWER_IDS).id(head.id()).query()) {
        Columns row = new Columns(rows);
        while (row.next()) {
          news.changed(row.id(), to);
        }
      }
    }
  }

  /** Counts and tells a move. */
  void moved(Head head, Phase to, @Nullable Instant readyAt, @Nullable Instant wakeAt)
      throws SQLException {
    held.forget(head.id());
    counters.leave(head.worker(), head.lane(), head.phase(), head.readyAt());
    counters.enter(head.worker(), head.lane(), to, readyAt);
    tell(head, to);
    news.due(Upkeep.of(to), wakeAt);
    boolean madeRoom =
        head.phase() == Phase.RUNNING
            && workers.limited(head.worker())
            && counters.ready(head.worker()) > 0;
    if (to == Phase.READY || madeRoom) {
      news.work(head.worker());
    }
  }
}
