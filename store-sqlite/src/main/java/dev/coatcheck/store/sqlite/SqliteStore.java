package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.Durability.Survives;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreRefusedException;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Hints;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A durable store in one SQLite file, owned by this process alone. What a call tells is on the disk
 * when it returns.
 */
public final class SqliteStore implements Store {

  private static final int PROBE_BYTES = 256 * 1024;

  private final Ownership ownership;
  private final Session session;
  private final Turn.Fixed fixed;
  private final Hints hints;
  private final Readers readers;
  private final SqliteReader reader;
  private final Writer writer;
  private volatile boolean closed;

  private SqliteStore(SqliteOptions options, Ownership ownership, Session session)
      throws SQLException {
    this.ownership = ownership;
    this.session = session;
    RandomGenerator random = options.random();
    fixed =
        new Turn.Fixed(
            new RunnerId(random.nextLong(), random.nextLong()),
            random.nextLong(),
            random.nextLong(),
            random,
            options.indexedMetadata());
    hints = new Hints(false);
    Counters counters = new Counters(options.weights());
    Workers workers = new Workers();
    Turn turn = new Turn(session, fixed, counters, workers, hints);
    workers.load(session);
    turn.continueAfter(lastSeq(session));
    takeOver(session, options, fixed.node());
    count(session, counters);
    readers = new Readers(options.path());
    reader = new SqliteReader(readers, counters, options);
    writer = new Writer(session, turn, options.clock());
  }

  /**
   * Opens the file, and makes it if it is missing.
   *
   * @throws StoreRefusedException if it is in use, newer than this program, or not a store
   */
  public static SqliteStore open(SqliteOptions options) {
    Ownership ownership = Ownership.take(options.path());
    Session session = null;
    try {
      Connection connection = Connections.writer(options.path());
      session = Session.writing(connection);
      Migrations.run(connection);
      Connections.settle(connection);
      return new SqliteStore(options, ownership, session);
    } catch (SQLException e) {
      release(ownership, session);
      throw new StoreRefusedException(
          "cannot open " + options.path() + " as a store: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      release(ownership, session);
      throw e;
    }
  }

  private static void release(
      Ownership ownership, @org.jspecify.annotations.Nullable Session session) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (SQLException e) {
      System.getLogger(SqliteStore.class.getName())
          .log(System.Logger.Level.WARNING, "could not close the file", e);
    } finally {
      ownership.close();
    }
  }

  private static long lastSeq(Session session) throws SQLException {
    try (ResultSet rows = session.bind(Sql.MAX_SEQ).query()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Work of earlier processes is lost with them; runners elsewhere get time to come back. */
  private static void takeOver(Session session, SqliteOptions options, RunnerId node)
      throws SQLException {
    Instant now = options.clock().instant();
    session.begin();
    session.bind(Sql.EXTEND_REMOTE).time(now.plus(options.leaseDuration())).update();
    session.bind(Sql.FREE_LOCAL).time(now).update();
    session.bind(Sql.INSERT_NODE).runner(node).time(now).update();
    session.commit();
  }

  private static void count(Session session, Counters counters) throws SQLException {
    try (ResultSet rows = session.bind(Sql.OPEN_JOBS).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        String worker = row.text();
        JobStatus status = row.status();
        WaitReason reason = row.waitReason();
        boolean suspended = row.optionalTime() != null;
        Instant readyAt = row.optionalTime();
        counters.enter(worker, row.text(), Columns.phase(status, reason, suspended), readyAt);
      }
    }
    try (ResultSet rows = session.bind(Sql.OPEN_DEAD_LETTERS).query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        counters.deadLetters(row.text(), row.number());
      }
    }
    counters.keep();
  }

  @Override
  public RunnerId node() {
    return fixed.node();
  }

  @Override
  public List<Result> commit(List<Command> commands) {
    return change(turn -> {
      List<Result> results = new ArrayList<>(commands.size());
      for (Command command : commands) {
        apply(turn, command, results);
      }
      return results;
    });
  }

  private static void apply(Turn turn, Command command, List<Result> results) throws SQLException {
    switch (command) {
      case Command.Submit submit ->
          results.add(SubmitStep.take(turn, submit.job(), submit.start()));
      case Command.SubmitAll all -> results.add(SubmitStep.all(turn, all));
      case Command.Settle settle -> SettleStep.take(turn, settle, results);
      case Command.Park park -> results.add(ParkStep.take(turn, park));
      case Command.Append append -> results.add(AppendStep.take(turn, append));
      case Command.Cancel cancel -> results.add(CancelStep.take(turn, cancel));
      case Command.RunnerStopped stopped -> results.add(CancelStep.stopped(turn, stopped.lease()));
      case Command.AddFile added -> results.add(FileStep.add(turn, added.file()));
      case Command.Suspend suspend -> results.add(SuspendStep.take(turn, suspend));
      case Command.OpenCallback open -> results.add(CallbackStep.open(turn, open));
      case Command.Receive receive -> results.add(CallbackStep.receive(turn, receive));
      case Command.ReceiveProgress progress -> results.add(CallbackStep.progress(turn, progress));
      case Command.ReportUsage report -> results.add(UsageStep.take(turn, report));
      case Command.DefineSchedule define -> results.add(ScheduleStep.define(turn, define));
      case Command.RemoveSchedule gone ->
          results.add(ScheduleStep.remove(turn, gone.tenant(), gone.schedule()));
      case Command.Tick tick -> results.add(ScheduleStep.tick(turn, tick));
      case Command.Define define -> results.add(turn.workers().define(turn, define));
      case Command.Remove remove -> results.add(turn.workers().remove(turn, remove.worker()));
      case Command.Pause pause ->
          results.add(turn.workers().pause(turn, pause.worker(), pause.paused()));
      case Command.Redrive redrive -> results.add(LetterStep.redrive(turn, redrive.job()));
      case Command.Discard discard -> results.add(LetterStep.discard(turn, discard));
      case Command.Begin begin -> results.add(OperationStep.begin(turn, begin));
      case Command.Advance advance -> results.add(OperationStep.advance(turn, advance));
    }
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    return change(turn -> ClaimStep.take(turn, plan));
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    return change(turn -> RenewStep.take(turn, runner, held, lease));
  }

  @Override
  public void extend(Duration lease) {
    change(turn -> {
      turn.flush();
      return turn.bind(Sql.EXTEND_REMOTE).time(turn.now().plus(lease)).update();
    });
  }

  @Override
  public Restore fence(Instant cutAt) {
    return change(turn -> FenceStep.take(turn, cutAt));
  }

  @Override
  public Sweep rescue(int max) {
    return change(turn -> SweepStep.rescue(turn, max));
  }

  @Override
  public Sweep stage(int max) {
    return change(turn -> SweepStep.stage(turn, max));
  }

  @Override
  public Sweep prune(int max) {
    return change(turn -> PruneStep.take(turn, max));
  }

  /** In two transactions: pages that are freed in the one that filled them are never written. */
  @Override
  public void probe() {
    change(turn -> turn.bind(Sql.INSERT_PROBE).number(PROBE_BYTES).update());
    change(turn -> turn.bind(Sql.DELETE_PROBE).update());
  }

  @Override
  public Durability durability() {
    return new Durability(Survives.MACHINE_CRASH, "a commit waits for the disk, synchronous=FULL");
  }

  @Override
  public Reader reader() {
    requireOpen();
    return reader;
  }

  @Override
  public Signals signals() {
    requireOpen();
    return hints;
  }

  /** What this node holds is found and freed by the next opening. */
  @Override
  public void close() {
    synchronized (ownership) {
      if (closed) {
        return;
      }
      closed = true;
    }
    reader.close();
    writer.close();
    try {
      readers.close();
      session.close();
    } catch (SQLException e) {
      throw new StoreUnavailableException("the file was not closed: " + e.getMessage(), e);
    } finally {
      ownership.close();
    }
  }

  /** How many transactions this store has committed, for measurements. */
  long transactions() {
    return writer.transactions();
  }

  /** Limits the file to what it has plus some pages, or lifts the limit: a full disk for tests. */
  void limitGrowth(long pages) {
    change(turn -> {
      turn.limitGrowth(pages);
      return true;
    });
  }

  private <T> T change(Call.Work<T> work) {
    writer.forbidOwnThread();
    return writer.call(work);
  }

  private void requireOpen() {
    if (closed) {
      throw Writer.closed();
    }
  }
}
