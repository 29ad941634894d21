package dev.coatcheck.tick;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.DueSchedules;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.submit.Submitter;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the next instant that any schedule names, then gives what has come its jobs. Every node
 * does; the store lets one of them win. It asks the store only when it has heard of an instant that
 * has come, so that nothing is asked where there are no schedules.
 */
public final class Ticker {

  private static final Logger log = LoggerFactory.getLogger(Ticker.class);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration NOT_DUE_THERE = Duration.ofMillis(100);
  private static final Duration LOOK_AT_THE_CLOCK = Duration.ofSeconds(5);
  private static final int SCHEDULES = 100;

  /** Jobs in one transaction. */
  private static final int SLICE = 200;

  private final Store store;
  private final Committer committer;
  private final Catalog catalog;
  private final Submitter submitter;
  private final Timetable timetable;
  private final Round round;
  private final Machine machine;
  private final Signal wake;
  private final Task task;

  /** The first instant that is known of; null for none. */
  private final AtomicReference<@Nullable Instant> next = new AtomicReference<>(Instant.EPOCH);

  private volatile boolean stopping;

  /** What jobs are made with. */
  public record Means(
      Committer committer, Catalog catalog, Submitter submitter, Timetable timetable) {}

  /** Starts to look: at once for what came while nobody did. */
  public Ticker(Store store, Means means, Machine machine) {
    this.store = store;
    this.committer = means.committer();
    this.catalog = means.catalog();
    this.submitter = means.submitter();
    this.timetable = means.timetable();
    this.round = new Round(timetable);
    this.machine = machine;
    this.wake = machine.signal();
    this.task = machine.fork("coatcheck-tick", Execution.CPU, this::run);
  }

  /** A schedule names this instant. */
  public void scheduled(Instant at) {
    if (hear(at)) {
      wake.raise();
    }
  }

  /** Whether it is earlier than what was known. */
  private boolean hear(Instant at) {
    Instant before = next.getAndUpdate(known -> known == null || at.isBefore(known) ? at : known);
    return before == null || at.isBefore(before);
  }

  public void stop() throws InterruptedException {
    stopping = true;
    wake.raise();
    task.join(Duration.ofSeconds(10));
  }

  private void run() {
    try {
      while (!stopping) {
        Instant at = next.get();
        if (at == null) {
          wake.await();
        } else if (at.isAfter(machine.now())) {
          wake.await(until(at));
        } else {
          wake.await(pass());
        }
      }
    } catch (InterruptedException interrupted) {
      log.warn("the ticker was interrupted");
    }
  }

  /** Not all at once: a clock that is set must be noticed. */
  private Duration until(Instant at) {
    // A millisecond more: the store's clock is read in whole ones and must have passed it.
    Duration until = Duration.between(machine.now(), at).plus(LEAST);
    return until.compareTo(LOOK_AT_THE_CLOCK) < 0 ? until : LOOK_AT_THE_CLOCK;
  }

  /** How long to wait before the next look, whatever is heard. */
  private Duration pass() throws InterruptedException {
    try {
      next.set(null);
      return look();
    } catch (StoreUnavailableException trouble) {
      log.warn("could not tick: {}", trouble.getMessage());
    } catch (RuntimeException defect) {
      log.error("a tick failed", defect);
    }
    hear(machine.now().plus(AFTER_TROUBLE));
    return AFTER_TROUBLE;
  }

  private Duration look() throws InterruptedException {
    DueSchedules found = store.reader().dueSchedules(SCHEDULES);
    if (found.next() != null) {
      hear(found.next());
    }
    List<Command.Tick> ticks = new ArrayList<>();
    for (KnownSchedule known : found.due()) {
      if (timetable.reads(known.schedule().timing())) {
        ticks.addAll(ticks(known, found.now()));
      }
    }
    if (ticks.isEmpty()) {
      // Due by our clock, and yet nothing was due by the store's: ours is ahead of it.
      return NOT_DUE_THERE;
    }
    boolean lost = commit(ticks);
    if (lost || found.due().size() == SCHEDULES) {
      // Where another node has moved them, or what did not fit.
      hear(found.now());
    }
    return LEAST;
  }

  /** Whether another node came first anywhere. */
  private boolean commit(List<Command.Tick> ticks) throws InterruptedException {
    boolean lost = false;
    for (int from = 0; from < ticks.size(); from += SLICE) {
      int to = Math.min(from + SLICE, ticks.size());
      List<Result> results = committer.commit(List.copyOf(ticks.subList(from, to)));
      lost |= results.contains(new Result.TickLost());
    }
    return lost;
  }

  private List<Command.Tick> ticks(KnownSchedule known, Instant now) {
    Optional<KnownWorker> worker = worker(known.schedule().work().worker());
    List<Command.Tick> ticks = new ArrayList<>();
    for (Round.Step step : round.of(known, now)) {
      ticks.add(tick(step, worker, ticks.size()));
    }
    return ticks;
  }

  private Command.Tick tick(Round.Step step, Optional<KnownWorker> worker, int order) {
    if (step.missed() || worker.isEmpty()) {
      PassedOver why = step.missed() ? PassedOver.MISSED : PassedOver.WORKER_NOT_FOUND;
      return new Command.Tick(step.at(), step.nominal(), step.next(), null, why);
    }
    Occasion occasion = new Occasion(step.at().schedule().name(), step.nominal());
    return new Command.Tick(
        step.at(),
        step.nominal(),
        step.next(),
        submitter.resolve(step.at().schedule().work(), worker.get(), occasion, order),
        null);
  }

  /** Known here, or of another process: its jobs are for whoever serves it. */
  private Optional<KnownWorker> worker(String name) {
    Optional<KnownWorker> here = catalog.get(name);
    return here.isPresent()
        ? here
        : store.reader().workers().stream()
            .filter(worker -> worker.spec().name().equals(name))
            .findFirst();
  }
}
