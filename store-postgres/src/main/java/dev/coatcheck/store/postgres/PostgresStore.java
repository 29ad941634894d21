package dev.coatcheck.store.postgres;

import dev.coatcheck.blob.Blobs;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.NewJob;
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
import dev.coatcheck.store.base.Upkeep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A durable store in a PostgreSQL database that several nodes share. What a call tells is committed
 * when it returns; how durable that is, is told by {@link #durability}.
 */
public final class PostgresStore implements Store {

  private static final int PROBE_BYTES = 256 * 1024;

  private final Pools pools;
  private final Runnable farewell;
  private final Turn.Fixed fixed;
  private final Hints hints = new Hints(true);
  private final Transactions transactions;
  private final Outlook outlook;
  private final PostgresReader reader;
  private final Days days;
  private final OldDays oldDays;
  private final Node node;
  private final Notices notices;
  private final Pulse pulse;
  private final Permits permits;
  private final PostgresBlobs blobs;
  private boolean closed;

  /**
   * A node on connections that are there already.
   *
   * @param farewell what becomes of them when the store is closed
   */
  PostgresStore(PostgresOptions options, Url url, Pools pools, Runnable farewell)
      throws SQLException {
    this.pools = pools;
    this.farewell = farewell;
    RandomGenerator random = options.random();
    fixed =
        new Turn.Fixed(
            new RunnerId(random.nextLong(), random.nextLong()),
            random,
            options.indexedMetadata(),
            new Watch(),
            new LowWater(),
            new KnownLanes(options.weights()),
            new Escrow());
    InstantSource given = options.clock();
    StoreClock clock = given == null ? StoreClock.database() : StoreClock.of(given);
    transactions = new Transactions(pools.changes(), clock, fixed, hints);
    Duration lease = options.leaseDuration();
    notices = new Notices(url, pools.changes(), fixed.node(), hints);
    pulse = new Pulse(pools.pulse(), clock, fixed, hints, notices, lease);
    outlook = new Outlook(transactions, pools.reads(), clock, fixed, hints, pulse);
    reader = new PostgresReader(pools.reads(), clock, fixed.lowWater(), options);
    days = new Days(pools.changes());
    oldDays = new OldDays(url, pools, transactions, OldDays.LARGE, DaySwap.Patience.USUAL);
    blobs = new PostgresBlobs(pools.changes(), pools.reads(), clock);
    node =
        new Node(
            new Transactions(pools.pulse(), clock, fixed, hints),
            new Days(pools.pulse()),
            pulse,
            lease,
            () -> hints.pass(null, Signals.Listener::cutOff));
    permits = new Permits(transactions, pools.reads(), fixed, this::wantsWork);
    node.begin();
    notices.begin();
    permits.begin();
  }

  /**
   * Opens the database, and makes the schema if it is missing.
   *
   * @throws StoreRefusedException if it cannot be reached or is newer than this program
   */
  public static PostgresStore open(PostgresOptions options) {
    Url url = Url.parse(options.url());
    try {
      Pools pools = Pools.open(url);
      try {
        return new PostgresStore(options, url, pools, pools::close);
      } catch (SQLException | RuntimeException e) {
        pools.close();
        throw e;
      }
    } catch (SQLException | StoreUnavailableException e) {
      throw new StoreRefusedException("cannot open " + url + ": " + e.getMessage(), e);
    }
  }

  @Override
  public RunnerId node() {
    return fixed.node();
  }

  @Override
  public List<Result> commit(List<Command> commands) {
    prepareDays(commands);
    return transactions.change(turn -> {
      List<Result> results = new ArrayList<>(commands.size());
      for (Command command : commands) {
        apply(turn, command, results);
      }
      return results;
    });
  }

  /**
   * Stores a job in a transaction of the caller's, on a connection to the same database: it exists
   * if and only if that transaction commits. An unknown worker, a bad input and the like are the
   * caller's to find before. Until the transaction has ended, others who use the same unique key or
   * idempotency key wait for it, so it should be short.
   *
   * @param yours a connection whose transaction has begun; it is left open
   * @return what became of the submission as far as this transaction sees, which holds when it
   *     commits. A job that was stored is found within five seconds of that, and at once after
   *     {@link Enlisted#committed}
   * @throws IllegalArgumentException if the connection commits each statement by itself
   * @throws SQLException what the connection says; its transaction can then only be rolled back
   */
  public Enlisted submit(Connection yours, NewJob job) throws SQLException {
    if (yours.getAutoCommit()) {
      throw new IllegalArgumentException("the connection is in no transaction: autocommit is on");
    }
    days.prepare(List.of(job.id()));
    return new Enlisted(
        transactions, transactions.within(yours, turn -> SubmitStep.take(turn, job, false)));
  }

  private void prepareDays(List<Command> commands) {
    List<JobId> ids = new ArrayList<>();
    for (Command command : commands) {
      switch (command) {
        case Command.Submit(var job, var start) -> ids.add(job.id());
        case Command.SubmitAll(var jobs) -> jobs.forEach(job -> ids.add(job.id()));
        case Command.Tick tick when tick.job() != null -> ids.add(tick.job().id());
        case Command.Redrive(var job) -> ids.add(job.id());
        case Command.Advance advance -> ids.addAll(OperationStep.born(advance));
        default -> {}
      }
    }
    try {
      days.prepare(ids);
    } catch (SQLException e) {
      throw Pool.unavailable(e);
    }
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
      case Command.Define define -> results.add(Workers.define(turn, define));
      case Command.Remove remove -> results.add(Workers.remove(turn, remove.worker()));
      case Command.Pause pause -> results.add(Workers.pause(turn, pause.worker(), pause.paused()));
      case Command.Redrive redrive -> results.add(LetterStep.redrive(turn, redrive.job()));
      case Command.Discard discard -> results.add(LetterStep.discard(turn, discard));
      case Command.Begin begin -> results.add(OperationStep.begin(turn, begin));
      case Command.Advance advance -> results.add(OperationStep.advance(turn, advance));
    }
  }

  @Override
  public List<Grant> claim(ClaimPlan plan) {
    return transactions.change(turn -> ClaimStep.take(turn, plan));
  }

  @Override
  public List<Renewal> renew(RunnerId runner, List<LeaseToken> held, Duration lease) {
    return transactions.change(turn -> RenewStep.take(turn, runner, held, lease));
  }

  /** Leaves it where another node lives: runners elsewhere have had somebody to speak to. */
  @Override
  public void extend(Duration lease) {
    transactions.change(turn -> Node.extendIfAlone(turn, lease));
  }

  @Override
  public Restore fence(Instant cutAt) {
    return transactions.change(turn -> FenceStep.take(turn, cutAt));
  }

  /**
   * Compares this database, which was put back to an earlier state, with the one that went on.
   *
   * @throws StoreRefusedException if that cannot be read, a node works on it, or it is none such
   */
  public Comparison compare(String oldUrl) {
    return Comparison.open(pools.reads(), oldUrl);
  }

  @Override
  public void probe() {
    transactions.change(turn -> turn.bind(Sql.INSERT_PROBE).number(PROBE_BYTES).update());
    transactions.change(turn -> turn.bind(Sql.DELETE_PROBE).update());
  }

  @Override
  public Durability durability() {
    return pools.reads().read(Promises::read);
  }

  @Override
  public Sweep rescue(int max) {
    return outlook.sweep(Upkeep.RESCUE, turn -> SweepStep.rescue(turn, max));
  }

  @Override
  public Sweep stage(int max) {
    return outlook.sweep(Upkeep.STAGE, turn -> SweepStep.stage(turn, max));
  }

  @Override
  public Sweep prune(int max) {
    AtomicReference<@Nullable Day> toLookAt = new AtomicReference<>();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    Sweep sweep =
        outlook.sweep(
            Upkeep.PRUNE,
            turn -> {
              now.set(turn.now());
              return PruneStep.take(turn, max, toLookAt::set);
            });
    Day day = toLookAt.get();
    if (day != null) {
      try {
        oldDays.tend(day, now.get());
      } catch (SQLException e) {
        throw Pool.unavailable(e);
      }
    }
    return sweep;
  }

  @Override
  public Reader reader() {
    transactions.requireOpen();
    return reader;
  }

  /** Where the bytes of files lie that all nodes have. */
  public Blobs blobs() {
    return blobs;
  }

  /** Days, of which one with so many jobs is large. */
  OldDays oldDays(Url url, int large, DaySwap.Patience patience) {
    return new OldDays(url, pools, transactions, large, patience);
  }

  /** Somebody here may try again to start jobs of the worker. */
  private void wantsWork(String worker) {
    hints.pass(notices, listener -> listener.work(worker));
  }

  /** Where claims begin. */
  LowWater lowWater() {
    return fixed.lowWater();
  }

  /** What all nodes of this database sign links with. */
  public byte[] secret() {
    return pools
        .reads()
        .read(session ->
            Objects.requireNonNull(
                session.bind(Sql.SECRET).first(row -> Objects.requireNonNull(row.bytes()))));
  }

  /** Hints, and what the pulse looks for. */
  private record Heard(Hints hints, Pulse pulse) implements Signals {

    @Override
    public void listen(Listener listener) {
      hints.listen(listener);
    }

    @Override
    public boolean lossy() {
      return hints.lossy();
    }

    @Override
    public boolean looksFor(Set<String> workers) {
      return pulse.looksFor(workers);
    }
  }

  @Override
  public Signals signals() {
    transactions.requireOpen();
    return new Heard(hints, pulse);
  }

  @Override
  public void close() {
    synchronized (transactions) {
      if (closed) {
        return;
      }
      closed = true;
    }
    permits.close();
    notices.close();
    try {
      node.close();
    } catch (StoreUnavailableException e) {
      System.getLogger(PostgresStore.class.getName())
          .log(System.Logger.Level.WARNING, "what this node holds is free only after a lease", e);
    } finally {
      transactions.close();
      farewell.run();
    }
  }
}
