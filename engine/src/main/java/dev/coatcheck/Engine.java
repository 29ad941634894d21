package dev.coatcheck;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.dispatch.Dispatcher;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.keep.Files;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.maintain.Sweeper;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.observe.Lookout;
import dev.coatcheck.observe.Stats;
import dev.coatcheck.operate.Bulk;
import dev.coatcheck.operate.Drafter;
import dev.coatcheck.operate.Drafts;
import dev.coatcheck.receive.Receiver;
import dev.coatcheck.report.Timers;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.CancelResult;
import dev.coatcheck.store.Result.PauseResult;
import dev.coatcheck.store.Result.RemoveResult;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.submit.Submitter;
import dev.coatcheck.tick.Schedules;
import dev.coatcheck.tick.Ticker;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs in, runs them through their workers, keeps what became of them. One engine owns one
 * {@link Store} and closes it. All methods may be called from any thread and block; virtual threads
 * suit.
 */
public final class Engine implements AutoCloseable {

  private static final int HISTORY = 2_000;

  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  private final Store store;
  private final Duration lease;
  private final Machine machine;
  private final Committer committer;
  private final Dispatcher dispatcher;
  private final Submitter submitter;
  private final Definitions definitions;
  private final Intake intake;
  private final Files files;
  private final Timers timers;
  private final Lender lender;
  private final Receiver receiver;
  private final Catalog catalog;
  private final Hub hub;
  private final Optional<Lookout> lookout;
  private final Stats stats = new Stats();
  private final List<Restore> restores;
  private final Timetable timetable;
  private final Schedules schedules;
  private final Ticker ticker;
  private final Sweeper stager;
  private final Sweeper rescuer;
  private final Sweeper pruner;
  private final Sweeper cleaner;
  private volatile Consumer<Finished> finishListener = job -> {};
  private volatile @Nullable Bulk bulk;
  private volatile boolean stopping;

  private Engine(Store store, EngineConfig config) {
    this.store = store;
    this.lease = config.lease();
    this.machine = config.machine();
    this.hub = new Hub(machine);
    this.catalog = new Catalog(store.reader(), machine, Engine::lent);
    catalog.refresh();
    this.restores = store.reader().restores();
    store.reader().recent(HISTORY).reversed().forEach(stats::add);
    this.committer = new Committer(store, machine);
    this.files = new Files(config.blobs(), store, committer, machine, config.filesKept());
    this.timers = new Timers(machine);
    Dispatcher.Means means =
        new Dispatcher.Means(config.cores(), config.outputMax(), files, catalog);
    this.dispatcher = new Dispatcher(store, committer, machine, timers, this::finished, means);
    Lender.Terms terms = new Lender.Terms(config.lease(), catalog, this::finished);
    this.lender = new Lender(store, committer, machine, timers, terms);
    this.receiver = new Receiver(committer);
    this.submitter = new Submitter(committer, dispatcher, machine);
    this.definitions = new Definitions(catalog, committer, store.reader());
    this.intake = new Intake(catalog, submitter, committer, store.reader());
    this.timetable = config.timetable();
    this.schedules = new Schedules(store.reader(), committer, timetable, machine);
    this.ticker =
        new Ticker(store, new Ticker.Means(committer, catalog, submitter, timetable), machine);
    this.stager = Sweeper.stager(store, machine);
    this.rescuer = Sweeper.rescuer(store, machine);
    this.pruner = Sweeper.pruner(store, machine);
    this.cleaner = Sweeper.cleaner(files::sweep, machine);
    store.signals().listen(new StoreListener());
    this.lookout =
        store.signals().lossy()
            ? Optional.of(new Lookout(store.reader(), machine, this::ofInterest, this::changed))
            : Optional.empty();
  }

  /** Starts an engine on a store, with the default configuration. */
  public static Engine start(Store store) {
    return start(store, EngineConfig.defaults());
  }

  public static Engine start(Store store, EngineConfig config) {
    return new Engine(store, config);
  }

  /** Makes a worker known and runs its jobs in this process from now on. */
  public void serve(WorkerSpec spec, Handler handler) throws InterruptedException {
    define(spec, spec.kind());
    dispatcher.serve(spec, handler);
  }

  /**
   * Makes a worker known under its contract. Equal content keeps its version.
   *
   * @param source {@code builtin}, {@code config} or {@code api}
   */
  public Result.Defined define(WorkerSpec spec, String source) throws InterruptedException {
    return definitions.define(spec, source);
  }

  /** Takes a worker out of use, unless jobs of it are open. */
  public RemoveResult remove(String worker) throws InterruptedException {
    return definitions.remove(worker);
  }

  /** Stops or lets go on the starting of a worker's jobs. Those that run are left alone. */
  public PauseResult pause(String worker, boolean paused) throws InterruptedException {
    return definitions.pause(worker, paused);
  }

  /**
   * The job that a submission asks for under its worker's present contract, for a store that takes
   * it in a transaction of the caller's. Nothing is stored. Empty for an unknown worker.
   */
  public Optional<NewJob> prepare(Submission submission) {
    return intake.prepare(submission);
  }

  /** Hands in a job; returns when it is durable, or refused. */
  public Submitted submit(Submission submission) throws InterruptedException {
    return intake.submit(submission);
  }

  /**
   * Hands in many jobs in one transaction; returns when it is durable. Each is taken or refused by
   * itself, and answered at its place.
   */
  public List<Submitted> submitEach(List<Submission> submissions) throws InterruptedException {
    return intake.submitEach(submissions);
  }

  /** Hands in many jobs in one transaction, all of them or none. */
  public SubmittedAll submitAll(List<Submission> submissions) throws InterruptedException {
    return intake.submitAll(submissions);
  }

  /**
   * Hands in a job of a schedule by hand, beside those that its instants get.
   *
   * @param idempotency null for none
   */
  public Submitted run(Schedule schedule, @Nullable Idempotency idempotency)
      throws InterruptedException {
    return intake.run(schedule, idempotency);
  }

  /** Waits until the job is done, at most this long, and answers the job as it is then. */
  public Lookup await(TenantId tenant, JobId id, Duration atMost) throws InterruptedException {
    long until = machine.nanos() + atMost.toNanos();
    try (Hub.Watch watch = hub.watch(id, true)) {
      while (true) {
        Lookup lookup = store.reader().job(tenant, id);
        long left = until - machine.nanos();
        if (!(lookup instanceof Lookup.Found(Job job)) || job.done() || left <= 0 || stopping) {
          return lookup;
        }
        watch.await(Duration.ofNanos(left));
      }
    }
  }

  /** Watches a job for changes; close the watch when done. */
  public Hub.Watch watch(JobId id) {
    return hub.watch(id, false);
  }

  /** Ends an open job: when this returns, it is canceled and nothing more of it is recorded. */
  public CancelResult cancel(TenantId tenant, JobId id) throws InterruptedException {
    CancelResult result = committer.cancel(new Command.Cancel(tenant, id));
    if (result instanceof Result.Canceled(Job job)
        && job.cancel() != null
        && job.cancel().was() == Phase.RUNNING) {
      dispatcher.canceled(id);
    }
    return result;
  }

  /** Ends open jobs, as {@link #cancel(TenantId, JobId)}, all in one transaction. */
  public List<CancelResult> cancel(TenantId tenant, List<JobId> ids) throws InterruptedException {
    List<Result> results =
        committer.commit(ids.stream().<Command>map(id -> new Command.Cancel(tenant, id)).toList());
    List<CancelResult> canceled = new ArrayList<>(results.size());
    for (Result result : results) {
      if (result instanceof Result.Canceled(Job job)) {
        changed(job.id(), Phase.CANCELED);
      }
      canceled.add((CancelResult) result);
    }
    return canceled;
  }

  /**
   * Goes on with operations that are open, and takes new ones, from now on; to be called once, when
   * all workers are known.
   *
   * @param drafter makes the submissions that repeat jobs
   * @param told is told what became of each job of an operation, on a task of the engine; must
   *     return at once
   */
  public void operate(Drafter drafter, Consumer<Result> told) {
    bulk = new Bulk(store, committer, machine, new Drafts(catalog, submitter, drafter), told);
  }

  /**
   * What can be done to many jobs at once.
   *
   * @throws IllegalStateException before {@link #operate}
   */
  public Bulk bulk() {
    Bulk present = bulk;
    if (present == null) {
      throw new IllegalStateException("the engine does not operate yet");
    }
    return present;
  }

  /**
   * Checks that the store can be read, and that it takes writes.
   *
   * @throws StoreUnavailableException if not
   */
  public void requireStore() {
    store.reader().recent(1);
    committer.requireWritable();
    store.commit(List.of());
  }

  public Reader reader() {
    return store.reader();
  }

  /** The times that the store was put back to an earlier state, the last one first. */
  public List<Restore> restores() {
    return restores;
  }

  /** What an acknowledged job survives, as the store is set up at present. */
  public Durability durability() {
    return store.durability();
  }

  public Catalog catalog() {
    return catalog;
  }

  /** Lends jobs to runners elsewhere. */
  public Lender lender() {
    return lender;
  }

  /**
   * Runners elsewhere can reach this process from now on: what they hold lasts for a whole lease
   * more. The time in which nobody could hear them is not theirs.
   */
  public void reachable() {
    store.extend(lease);
  }

  /** Takes callbacks in. */
  public Receiver receiver() {
    return receiver;
  }

  /** What is submitted again and again. */
  public Schedules schedules() {
    return schedules;
  }

  public Files files() {
    return files;
  }

  public Stats stats() {
    return stats;
  }

  /**
   * Tells of each job that ends by the hand of a runner, here or elsewhere, from now on; replaces
   * the listener before. It is called on threads of the engine and must return at once.
   */
  public void onFinished(Consumer<Finished> listener) {
    finishListener = listener;
  }

  /**
   * Tells, once, that the store takes nothing more until it is opened again, as after a sync that
   * failed; at once if that is so already. An engine goes on to answer reads, and refuses the rest:
   * whoever owns the process may end it. The listener is called on a thread of the store and must
   * return at once.
   */
  public void onBroken(Consumer<StoreUnavailableException> listener) {
    store.signals().listen(new BreakdownListener(listener));
  }

  /** The engine's clock. */
  public Instant now() {
    return machine.now();
  }

  /** Whether attempts of the worker can run in this process. */
  public boolean serves(String worker) {
    return dispatcher.serves(worker);
  }

  /** How many runners take jobs of the worker: this process, and those elsewhere. */
  public int runners(String worker) {
    return (dispatcher.serves(worker) ? 1 : 0) + lender.runners().of(worker);
  }

  /** Workers that are known before this process has said anything. */
  private static boolean lent(KnownWorker worker) {
    return worker.source().equals("api");
  }

  /** Whether {@link #stop} has begun: waits end early and new work should be refused. */
  public boolean stopping() {
    return stopping;
  }

  /**
   * Stops: claims nothing more, lets running attempts end within the grace, hands the rest back
   * without counting their attempt, closes the store.
   *
   * @return attempts handed back
   */
  public int stop(Duration grace) throws InterruptedException {
    stopping = true;
    hub.raiseAll();
    lender.stop();
    try {
      int handedBack = dispatcher.stop(grace);
      ticker.stop();
      for (Sweeper sweeper : List.of(stager, rescuer, pruner, cleaner)) {
        sweeper.stop();
      }
      Bulk operations = bulk;
      if (operations != null) {
        operations.stop();
      }
      if (lookout.isPresent()) {
        lookout.get().stop();
      }
      timers.stop();
      committer.stop(Duration.ofSeconds(10));
      return handedBack;
    } finally {
      store.close();
    }
  }

  /**
   * {@link #stop} without grace.
   *
   * @throws IllegalStateException if the caller is interrupted meanwhile
   */
  @Override
  public void close() {
    try {
      stop(Duration.ZERO);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("interrupted while stopping", interrupted);
    }
  }

  /** Jobs of which this node must learn what others do to them. */
  private SortedSet<JobId> ofInterest() {
    SortedSet<JobId> jobs = hub.watched();
    jobs.addAll(dispatcher.running());
    return jobs;
  }

  private void changed(JobId job, Phase phase) {
    hub.changed(job, phase);
    if (phase == Phase.CANCELED) {
      dispatcher.canceled(job);
    }
  }

  private void refreshCatalog() {
    try {
      catalog.refresh();
    } catch (StoreUnavailableException trouble) {
      log.warn("could not learn of changed workers: {}", trouble.getMessage());
    }
  }

  private void finished(Finished job) {
    stats.add(job);
    finishListener.accept(job);
  }

  private final class StoreListener implements Signals.Listener {

    @Override
    public void work(String worker) {
      dispatcher.work(worker);
      lender.work(worker);
    }

    @Override
    public void changed(JobId job, Phase phase) {
      Engine.this.changed(job, phase);
    }

    @Override
    public void workersChanged() {
      if (!stopping) {
        machine.fork("coatcheck-catalog", Execution.IO, Engine.this::refreshCatalog);
      }
    }

    @Override
    public void cutOff() {
      dispatcher.cutOff();
    }

    @Override
    public void scheduled(Instant at) {
      ticker.scheduled(at);
    }

    @Override
    public void due(Instant at) {
      stager.wake();
      rescuer.wake();
      pruner.wake();
    }
  }
}
