package dev.coatcheck.maintain;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats one kind of upkeep: in slices while there is much, then not before the store says there
 * is something again. An idle store is not asked.
 */
public final class Sweeper {

  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration CLEANING = Duration.ofMinutes(30);
  private static final Duration NEVER = Duration.ofDays(1);

  private final String verb;
  private final IntFunction<Sweep> sweep;
  private final Duration rest;
  private final Machine machine;
  private final Signal wake;
  private final Signal stop;
  private final Task task;
  private volatile boolean stopping;

  /**
   * Starts to sweep.
   *
   * @param rest shortest time between two passes that are not slices of one
   */
  private Sweeper(String verb, IntFunction<Sweep> sweep, Duration rest, Machine machine) {
    this.verb = verb;
    this.sweep = sweep;
    this.rest = rest;
    this.machine = machine;
    this.wake = machine.signal();
    this.stop = machine.signal();
    this.task = machine.fork("coatcheck-" + verb, Execution.CPU, this::run);
  }

  /** Makes due jobs ready and times out queued ones. */
  public static Sweeper stager(Store store, Machine machine) {
    return new Sweeper("stage", store::stage, Duration.ZERO, machine);
  }

  /** Takes back what dead runners held. */
  public static Sweeper rescuer(Store store, Machine machine) {
    return new Sweeper("rescue", store::rescue, Duration.ofMillis(200), machine);
  }

  /** Deletes what is past its retention. */
  public static Sweeper pruner(Store store, Machine machine) {
    return new Sweeper("prune", store::prune, Duration.ofSeconds(5), machine);
  }

  /**
   * Deletes bytes that no file has any more, every so often.
   *
   * @param sweep one pass; how much it deleted
   */
  public static Sweeper cleaner(IntSupplier sweep, Machine machine) {
    return new Sweeper(
        "clean",
        slice -> new Sweep(sweep.getAsInt(), machine.now().plus(CLEANING)),
        Duration.ZERO,
        machine);
  }

  /** Something may be due earlier than the last pass told. */
  public void wake() {
    wake.raise();
  }

  public void stop() throws InterruptedException {
    stopping = true;
    wake.raise();
    stop.raise();
    task.join(Duration.ofSeconds(10));
  }

  private void run() {
    try {
      while (!stopping) {
        Duration pause = pass();
        if (pause.isPositive()) {
          wake.await(pause);
          stop.await(rest);
        }
      }
    } catch (InterruptedException interrupted) {
      log.warn("{} was interrupted", verb);
    }
  }

  private Duration pass() {
    try {
      Sweep done = sweep.apply(Sweep.SLICE);
      Instant next = done.next();
      if (next == null) {
        return NEVER;
      }
      Duration until = Duration.between(machine.now(), next);
      if (done.moved() == Sweep.SLICE) {
        return Duration.ZERO;
      }
      // A millisecond more: the store's clock is read in whole ones and must have passed it.
      return until.isNegative() ? LEAST : until.plusMillis(1);
    } catch (StoreUnavailableException trouble) {
      log.warn("could not {}: {}", verb, trouble.getMessage());
      return AFTER_TROUBLE;
    } catch (RuntimeException defect) {
      log.error("{} failed", verb, defect);
      return AFTER_TROUBLE;
    }
  }
}
