package dev.coatcheck.commit;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Mailbox;
import dev.coatcheck.runtime.Promise;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit without linger: takes every command that waits, commits them in one transaction,
 * then answers. A lone caller pays one transaction; a thousand callers share it. Commands are
 * committed in the order in which one task gave them.
 */
public final class Committer {

  private static final Logger log = LoggerFactory.getLogger(Committer.class);
  private static final int GROUP_MAX = 2_000;

  private final Store store;
  private final Machine machine;
  private final Mailbox<Entry> waiting;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Task task;

  private final AtomicLong failures = new AtomicLong();
  private volatile long forgiven;

  /** Commands that wait to be committed together; none only wake the task. */
  private record Entry(
      List<Command> commands,
      Consumer<List<Result>> answer,
      Consumer<StoreUnavailableException> trouble) {

    static final Entry WAKE = new Entry(List.of(), results -> {}, trouble -> {});
  }

  public Committer(Store store, Machine machine) {
    this.store = store;
    this.machine = machine;
    this.waiting = machine.mailbox();
    this.task = machine.fork("coatcheck-committer", Execution.CPU, this::run);
  }

  public Result.SubmitResult submit(Command.Submit command) throws InterruptedException {
    return (Result.SubmitResult) commit(command);
  }

  public Result.CancelResult cancel(Command.Cancel command) throws InterruptedException {
    return (Result.CancelResult) commit(command);
  }

  public Result.Defined define(Command.Define command) throws InterruptedException {
    return (Result.Defined) commit(command);
  }

  /**
   * Commits durably and answers.
   *
   * @throws StoreUnavailableException when it is not known whether the command took effect
   */
  public Result commit(Command command) throws InterruptedException {
    return commit(List.of(command)).getFirst();
  }

  /**
   * Commits all in one transaction, in their order, and answers with as many results.
   *
   * @throws StoreUnavailableException when it is not known whether the commands took effect
   */
  public List<Result> commit(List<Command> commands) throws InterruptedException {
    if (commands.isEmpty()) {
      return List.of();
    }
    Promise<List<Result>> promise = machine.promise();
    put(new Entry(List.copyOf(commands), promise::keep, promise::breakWith));
    return promise.await();
  }

  /**
   * Commits with the next group without waiting.
   *
   * @param answer called on the committer's task, must return at once; not called in trouble
   */
  public void post(Command command, Consumer<Result> answer) {
    put(
        new Entry(
            List.of(command),
            results -> answer.accept(results.getFirst()),
            trouble -> log.warn("not recorded: {}", trouble.getMessage())));
  }

  /**
   * Checks that the store takes writes. After a commit that failed it is asked to write something:
   * time heals no disk, and commits that succeed meanwhile may have had nothing to write.
   *
   * @throws StoreUnavailableException if it does not
   */
  public void requireWritable() {
    long failed = failures.get();
    if (failed != forgiven) {
      store.probe();
      forgiven = failed;
    }
  }

  /** Commits what waits and ends; later commands are refused. */
  public void stop(Duration atMost) throws InterruptedException {
    stopping.set(true);
    waiting.put(Entry.WAKE);
    if (!task.join(atMost)) {
      log.warn("the committer did not end within {}", atMost);
    }
  }

  private void put(Entry entry) {
    if (stopping.get()) {
      entry.trouble.accept(new StoreUnavailableException("the engine is stopping", null));
    } else {
      waiting.put(entry);
    }
  }

  private void run() {
    try {
      boolean last = false;
      while (!last) {
        List<Entry> taken = waiting.takeAll();
        last = stopping.get();
        commitAll(taken);
      }
    } catch (InterruptedException interrupted) {
      log.warn("the committer was interrupted");
    }
    StoreUnavailableException ended = new StoreUnavailableException("the engine has stopped", null);
    waiting.drain().forEach(entry -> entry.trouble.accept(ended));
  }

  private void commitAll(List<Entry> taken) {
    List<Entry> group = new ArrayList<>(Math.min(taken.size(), GROUP_MAX));
    List<Command> commands = new ArrayList<>(group.size());
    for (Entry entry : taken) {
      if (!group.isEmpty() && commands.size() + entry.commands.size() > GROUP_MAX) {
        commitGroup(group, commands);
        group.clear();
        commands.clear();
      }
      if (!entry.commands.isEmpty()) {
        group.add(entry);
        commands.addAll(entry.commands);
      }
    }
    if (!group.isEmpty()) {
      commitGroup(group, commands);
    }
  }

  private void commitGroup(List<Entry> group, List<Command> commands) {
    try {
      List<Result> results = store.commit(commands);
      answer(group, results);
    } catch (StoreUnavailableException unavailable) {
      failures.incrementAndGet();
      group.forEach(entry -> entry.trouble.accept(unavailable));
    } catch (RuntimeException defect) {
      log.error("the store failed unexpectedly", defect);
      StoreUnavailableException trouble =
          new StoreUnavailableException("the store failed unexpectedly", defect);
      group.forEach(entry -> entry.trouble.accept(trouble));
    }
  }

  private static void answer(List<Entry> group, List<Result> results) {
    int from = 0;
    for (Entry entry : group) {
      int to = from + entry.commands.size();
      entry.answer.accept(List.copyOf(results.subList(from, to)));
      from = to;
    }
  }
}
