package dev.coatcheck.operate;

import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the slices of open operations, in turns. It sleeps while there are none. Where several nodes
 * share a store, each goes on with what was begun through it, and takes over what nobody has gone
 * on with for a while; should two think so, the store lets one of them do the slice.
 */
final class Operator {

  private static final Logger log = LoggerFactory.getLogger(Operator.class);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration NOT_DUE_THERE = Duration.ofMillis(100);

  /** How long an operation may be overdue before another node takes it over. */
  private static final Duration DESERTED = Duration.ofSeconds(15);

  /** How often a node looks for operations that others have left. */
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final Slices slices;
  private final Reader reader;
  private final Machine machine;
  private final Consumer<Result> told;
  private final boolean shared;
  private final Set<OperationId> ours = ConcurrentHashMap.newKeySet();
  private final Signal wake;
  private final Task task;
  private volatile boolean stopping;

  /**
   * Begins with what is open.
   *
   * @param told is told of each result
   * @param shared whether other processes do slices of the same operations
   */
  Operator(Slices slices, Reader reader, Machine machine, Consumer<Result> told, boolean shared) {
    this.slices = slices;
    this.reader = reader;
    this.machine = machine;
    this.told = told;
    this.shared = shared;
    this.wake = machine.signal();
    this.task = machine.fork("coatcheck-operate", Execution.CPU, this::run);
  }

  /** An operation was begun through this process. */
  void take(OperationId id) {
    ours.add(id);
    wake.raise();
  }

  void stop() throws InterruptedException {
    stopping = true;
    wake.raise();
    task.join(Duration.ofSeconds(10));
  }

  private void run() {
    try {
      while (!stopping) {
        rest(pass());
      }
    } catch (InterruptedException interrupted) {
      log.warn("operations were interrupted");
    }
  }

  /** How long there is nothing to do; longer than any wait for not before a signal. */
  private Duration pass() throws InterruptedException {
    try {
      Set<OperationId> over = new HashSet<>(ours);
      List<Operation> open = reader.openOperations();
      open.forEach(operation -> over.remove(operation.id()));
      ours.removeAll(over);
      Duration rest = LOOK;
      for (Operation operation : open) {
        if (!stopping) {
          Duration next = turn(operation);
          rest = next.compareTo(rest) < 0 ? next : rest;
        }
      }
      return rest;
    } catch (StoreUnavailableException trouble) {
      log.warn("could not go on with operations: {}", trouble.getMessage());
      return AFTER_TROUBLE;
    } catch (RuntimeException defect) {
      log.error("operations failed", defect);
      return AFTER_TROUBLE;
    }
  }

  /** Does a slice if it is due and ours to do; tells how long this operation can wait. */
  private Duration turn(Operation operation) throws InterruptedException {
    Duration wait = until(operation.dueAt());
    boolean mine = !shared || ours.contains(operation.id());
    if (!mine && until(operation.dueAt().plus(DESERTED)).isPositive()) {
      return LOOK;
    }
    if (wait.isPositive()) {
      return wait;
    }
    return switch (slices.next(operation)) {
      case Result.Overtaken overtaken -> {
        ours.remove(operation.id());
        yield LEAST;
      }
      // Our clock is ahead of the store's.
      case Result.NotYet early -> NOT_DUE_THERE;
      case Result.Advanced(var after, var results) -> {
        ours.add(operation.id());
        results.forEach(told);
        yield after.done() ? LOOK : until(after.dueAt());
      }
    };
  }

  private Duration until(Instant at) {
    return Duration.between(machine.now(), at);
  }

  private void rest(Duration atMost) throws InterruptedException {
    if (!atMost.isPositive()) {
      return;
    }
    boolean nothing = atMost.equals(LOOK);
    if (nothing && !shared) {
      wake.await();
    } else {
      wake.await(atMost);
    }
  }
}
