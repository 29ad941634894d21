package dev.coatcheck.dispatch;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.handler.WorkContext.StopReason;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.report.Finish;
import dev.coatcheck.report.Reports;
import dev.coatcheck.report.Timers;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs granted attempts in this process and records how each ended. */
final class Runner {

  private static final Logger log = LoggerFactory.getLogger(Runner.class);
  private static final int EARLY_CANCELS_MAX = 10_000;
  private static final Duration RECORD_AGAIN = Duration.ofMillis(500);

  private final Committer committer;
  private final Machine machine;
  private final Dispatcher.Means means;
  private final Finish finish;
  private final Watch watch;
  private final Timers timers;
  private final Map<JobId, Run> running = new ConcurrentHashMap<>();
  private final Signal ended;
  private volatile boolean abandoned;

  /** Jobs canceled between their grant and their start here. */
  private final SequencedSet<JobId> canceledEarly = new LinkedHashSet<>();

  Runner(
      Committer committer,
      Machine machine,
      Dispatcher.Means means,
      Finish finish,
      Timers timers,
      Watch watch) {
    this.committer = committer;
    this.machine = machine;
    this.means = means;
    this.finish = finish;
    this.watch = watch;
    this.timers = timers;
    this.ended = machine.signal();
  }

  /**
   * Who is told what.
   *
   * @param freed of a place that has become free
   * @param strays of grants whose end is recorded while nothing runs
   */
  record Watch(Consumer<LocalWorker> freed, Strays strays) {}

  /** Whether an attempt runs here under the lease. */
  boolean runs(LeaseToken lease) {
    Run run = running.get(lease.job());
    return run != null && run.grant().token().equals(lease);
  }

  void start(Grant grant, LocalWorker worker) {
    Run run =
        new Run(
            grant,
            worker,
            committer,
            machine,
            means,
            (lease, onLost) ->
                new Reports(lease, grant.chunks(), committer, machine, timers, onLost));
    running.put(grant.token().job(), run);
    if (wasCanceled(grant.token().job())) {
      run.stop(StopReason.CANCELED);
    }
    Timers.Timer timeout = timers.after(run.timeLeft(), () -> timedOut(run));
    String name = "coatcheck-" + worker.spec().name();
    Task task = machine.fork(name, worker.spec().execution(), () -> runToTheEnd(run, timeout));
    run.forked(task);
  }

  void canceled(JobId job) {
    synchronized (canceledEarly) {
      canceledEarly.add(job);
      if (canceledEarly.size() > EARLY_CANCELS_MAX) {
        canceledEarly.removeFirst();
      }
    }
    Run run = running.get(job);
    if (run != null) {
      wasCanceled(job);
      run.stop(StopReason.CANCELED);
    }
  }

  /** The jobs whose attempts run here. */
  Set<JobId> jobs() {
    return running.keySet();
  }

  /** Others may run what runs here: all is told to stop; how many were not before. */
  int cutOff() {
    int stopped = 0;
    for (Run run : running.values()) {
      stopped += run.stop(StopReason.LOST) ? 1 : 0;
    }
    return stopped;
  }

  private boolean wasCanceled(JobId job) {
    synchronized (canceledEarly) {
      return canceledEarly.remove(job);
    }
  }

  private void runToTheEnd(Run run, Timers.Timer timeout) {
    try {
      run.execute().ifPresent(end -> record(run, end));
    } finally {
      timeout.cancel();
      running.remove(run.job(), run);
      run.worker().slots().give(1);
      watch.freed.accept(run.worker());
      ended.raise();
    }
  }

  private void timedOut(Run run) {
    StopReason reason = run.timeoutReason();
    run.stop(reason);
    if (run.end()) {
      // The handler may be gone before the end is recorded.
      watch.strays.ending(run.grant().token());
      machine.fork("coatcheck-timeout", Execution.IO, () -> recordTimeout(run, reason));
    }
  }

  private void recordTimeout(Run run, StopReason reason) {
    try {
      record(run, run.ofStop(reason));
    } finally {
      watch.strays.ended(run.grant().token());
    }
  }

  /** Commits how the attempt ended, again and again while the store is away: it was paid for. */
  private void record(Run run, Command end) {
    while (!tryToRecord(run, end) && !abandoned) {
      pause();
    }
  }

  /** Whether it is recorded, or nothing will ever be. */
  private boolean tryToRecord(Run run, Command end) {
    while (true) {
      try {
        recorded(run, committer.commit(end));
        return true;
      } catch (StoreUnavailableException trouble) {
        log.warn("the end of {} is not recorded: {}", run.job(), trouble.getMessage());
        return trouble.lasting();
      } catch (InterruptedException stopped) {
        // The flag was meant for the handler, which has ended; recording its end goes on.
      }
    }
  }

  private void recorded(Run run, Result result) {
    switch (result) {
      case Result.Settled settled -> finish.finished(settled.job());
      case Result.LeaseLost lost ->
          log.info("attempt {} of {} ended without its lease", run.attempt(), run.job());
      default -> {}
    }
  }

  private void pause() {
    try {
      machine.sleep(RECORD_AGAIN);
    } catch (InterruptedException stopped) {
      // As in record: goes on.
    }
  }

  int stop(Duration grace) throws InterruptedException {
    awaitNone(grace);
    List<Run> left = List.copyOf(running.values());
    for (Run run : left) {
      run.stop(StopReason.SHUTDOWN);
    }
    awaitNone(left.isEmpty() ? Duration.ZERO : Duration.ofSeconds(1));
    // From here on each end is tried once: a store that is away must not keep the process.
    abandoned = true;
    for (Run run : running.values()) {
      if (run.end()) {
        record(run, run.ofStop(StopReason.SHUTDOWN));
      }
    }
    return left.size();
  }

  private void awaitNone(Duration atMost) throws InterruptedException {
    long until = machine.nanos() + atMost.toNanos();
    while (!running.isEmpty()) {
      long left = until - machine.nanos();
      if (left <= 0 || !ended.await(Duration.ofNanos(left))) {
        return;
      }
    }
  }
}
