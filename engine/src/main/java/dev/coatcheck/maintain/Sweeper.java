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
 * Repeats one kind of upkeep: in slices while there is much, then when the store says that there is
 * something again. As such hints may be lost, and as the store's clock need not be this process's,
 * it also looks by itself every so often.
 */
public final class Sweeper {

  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration NOT_DUE_THERE = Duration.ofMillis(100);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration LOOK_FOR_OLD = Duration.ofMinutes(5);
  private static final Duration CLEANING = Duration.ofMinutes(30);

  private final String verb;
  private final IntFunction<Sweep> sweep;
  private final Duration rest;
  private final Duration look;
  private final Machine machine;
  private final Signal wake;
  private final Signal stop;
  private final Task task;
  private volatile boolean stopping;

  /**
   * Starts to sweep.
   *
   * @param rest shortest time between two passes that are not slices of one
   * @param look longest time between two passes
   */
  private Sweeper(
      String verb, IntFunction<Sweep> sweep, Duration rest, Duration look, Machine machine) {
    this.verb = verb;
    this.sweep = sweep;
    this.rest = rest;
    this.look = look;
    this.machine = machine;
    this.wake = machine.signal();
    this.stop = machine.signal();
    this.task = machine.fork("coatcheck-" + verb, Execution.CPU, this::run);
  }

  /** Makes due jobs ready and times out queued ones. */
  public static Sweeper stager(Store store, Machine machine) {
    return new Sweeper("stage", store::stage, Duration.ZERO, LOOK, machine);
  }

  /** Takes back what dead runners held. */
  public static Sweeper rescuer(Store store, Machine machine) {
    return new Sweeper("rescue", store::rescue, Duration.ofMillis(200), LOOK, machine);
  }

  /** Deletes what is past its retention. */
  public static Sweeper pruner(Store store, Machine machine) {
    return new Sweeper("prune", store::prune, Duration.ofSeconds(5), LOOK_FOR_OLD, machine);
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
        CLEANING,
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
      if (done.moved() == Sweep.SLICE) {
        return Duration.ZERO;
      }
      Duration pause = next == null ? look : until(next, done.moved());
      return pause.compareTo(look) < 0 ? pause : look;
    } catch (StoreUnavailableException trouble) {
      log.warn("could not {}: {}", verb, trouble.getMessage());
      return AFTER_TROUBLE;
    } catch (RuntimeException defect) {
      log.error("{} failed", verb, defect);
      return AFTER_TROUBLE;
    }
  }

  private Duration until(Instant next, int moved) {
    Duration until = Duration.between(machine.now(), next);
    if (until.isNegative()) {
      // Due by our clock, and yet nothing was due by the store's: ours is ahead of it.
      return moved == 0 ? NOT_DUE_THERE : LEAST;
    }
    // A millisecond more: the store's clock is read in whole ones and must have passed it.
    return until.plusMillis(1);
  }
}
