package dev.coatcheck.dispatch;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.job.JobId;
import dev.coatcheck.keep.Files;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.report.Finish;
import dev.coatcheck.report.Timers;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Want;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.submit.Starter;
import dev.coatcheck.worker.Execution;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims ready jobs for the workers of this process, but only those that can start at once. */
public final class Dispatcher implements Starter {

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  /** How long the store's hints are relied upon, which may be lost. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /**
   * What attempts in this process may use.
   *
   * @param cores attempts of computing workers at once
   * @param outputMax bytes of one job's output
   * @param files what jobs may refer to
   * @param catalog under which contract a job was accepted
   */
  public record Means(int cores, int outputMax, Files files, Catalog catalog) {}

  private final Store store;
  private final Runner runner;
  private final Strays strays;
  private final Map<String, LocalWorker> workers = new ConcurrentHashMap<>();
  private final AtomicInteger cores;
  private final Signal wake;
  private volatile boolean stopping;
  private final Task task;

  public Dispatcher(
      Store store,
      Committer committer,
      Machine machine,
      Timers timers,
      Finish finish,
      Means means) {
    this.store = store;
    this.cores = new AtomicInteger(means.cores());
    this.wake = machine.signal();
    this.strays = new Strays(store, committer, machine, this::runs);
    Runner.Watch watch = new Runner.Watch(this::freed, strays);
    this.runner = new Runner(committer, machine, means, finish, timers, watch);
    this.task = machine.fork("coatcheck-dispatcher", Execution.CPU, this::run);
  }

  /** Serves a worker from now on. */
  public void serve(WorkerSpec spec, Handler handler) {
    Slots slots = new Slots(spec, cores);
    workers.put(spec.name(), new LocalWorker(spec, handler, slots, new AtomicBoolean(true)));
    wake.raise();
  }

  public boolean serves(String worker) {
    return workers.containsKey(worker);
  }

  /** A job of the worker may have become ready. */
  public void work(String worker) {
    LocalWorker local = workers.get(worker);
    if (local != null && !local.mayHaveWork().getAndSet(true) && local.slots().any()) {
      wake.raise();
    }
  }

  private boolean runs(LeaseToken lease) {
    return runner.runs(lease);
  }

  @Override
  public boolean reserve(String worker, JobId job) {
    LocalWorker local = workers.get(worker);
    boolean reserved = !stopping && local != null && local.slots().take(1) == 1;
    if (reserved) {
      strays.starting(job);
    }
    return reserved;
  }

  @Override
  public void giveUp(String worker, JobId job) {
    strays.doubt();
    giveBack(worker, job);
  }

  @Override
  public void giveBack(String worker, JobId job) {
    strays.started(job);
    LocalWorker local = workers.get(worker);
    if (local != null) {
      local.slots().give(1);
      freed(local);
    }
  }

  @Override
  public void start(Grant grant) {
    LocalWorker local = workers.get(grant.worker());
    if (local == null) {
      throw new IllegalStateException("nobody serves " + grant.worker());
    }
    runner.start(grant, local);
    strays.started(grant.token().job());
  }

  /** The jobs whose attempts run here. */
  public Set<JobId> running() {
    return runner.jobs();
  }

  /** The job was canceled: its attempt here, running or about to start, is told to stop. */
  public void canceled(JobId job) {
    runner.canceled(job);
  }

  /**
   * What this process holds may be another's by now: the attempts here are told to stop. What is
   * still its own when it is back is handed back.
   */
  public void cutOff() {
    strays.doubt();
    int stopped = runner.cutOff();
    if (stopped > 0) {
      log.warn("cut off from the store for a whole lease: {} running jobs are stopped", stopped);
    }
  }

  /**
   * Stops claiming, lets running attempts end within the grace, then hands the others back.
   *
   * @return attempts that were handed back
   */
  public int stop(Duration grace) throws InterruptedException {
    stopping = true;
    wake.raise();
    task.join(Duration.ofSeconds(10));
    return runner.stop(grace);
  }

  private void freed(LocalWorker worker) {
    if (worker.mayHaveWork().get() || worker.spec().execution() == Execution.CPU) {
      wake.raise();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        strays.handBack();
        if (!claim() && !wake.await(LOOK)) {
          look();
        }
      }
    } catch (InterruptedException interrupted) {
      log.warn("the dispatcher was interrupted");
    }
  }

  /** Finds work that no hint told of. */
  private void look() {
    try {
      Map<String, LocalWorker> free = new HashMap<>();
      for (LocalWorker worker : workers.values()) {
        if (worker.slots().any()) {
          free.put(worker.spec().name(), worker);
        }
      }
      if (!free.isEmpty() && !store.signals().looksFor(free.keySet())) {
        for (String name : store.reader().ready(free.keySet())) {
          Objects.requireNonNull(free.get(name)).mayHaveWork().set(true);
        }
      }
    } catch (StoreUnavailableException trouble) {
      log.warn("could not look for work: {}", trouble.getMessage());
    }
  }

  private boolean claim() throws InterruptedException {
    List<Want> wants = wants();
    if (wants.isEmpty()) {
      return false;
    }
    List<Grant> grants = List.of();
    try {
      grants = store.claim(new ClaimPlan(new ClaimPlan.Holder.Node(), wants));
    } catch (StoreUnavailableException trouble) {
      log.warn("could not claim: {}", trouble.getMessage());
      wants.forEach(want -> worker(want).mayHaveWork().set(true));
      strays.doubt();
      wake.await(AFTER_TROUBLE);
    } finally {
      settleReservations(wants, grants);
    }
    grants.forEach(this::start);
    return true;
  }

  private List<Want> wants() {
    List<Want> wants = new ArrayList<>();
    for (LocalWorker worker : workers.values()) {
      // Lowered before the claim: work that comes meanwhile raises it again.
      if (worker.slots().any() && worker.mayHaveWork().getAndSet(false)) {
        int places = worker.slots().take(Sweep.SLICE);
        if (places > 0) {
          wants.add(new Want(worker.spec().name(), places));
        } else {
          worker.mayHaveWork().set(true);
          // A place freed between the two lines above saw the flag down and did not wake anyone.
          if (worker.slots().any()) {
            wake.raise();
          }
        }
      }
    }
    return wants;
  }

  private void settleReservations(List<Want> wants, List<Grant> grants) {
    for (Want want : wants) {
      int got = 0;
      for (Grant grant : grants) {
        got += grant.worker().equals(want.worker()) ? 1 : 0;
      }
      LocalWorker worker = worker(want);
      worker.slots().give(want.max() - got);
      if (got == want.max()) {
        worker.mayHaveWork().set(true);
      }
    }
  }

  private LocalWorker worker(Want want) {
    LocalWorker worker = workers.get(want.worker());
    if (worker == null) {
      throw new IllegalStateException("nobody serves " + want.worker());
    }
    return worker;
  }
}
