package dev.coatcheck.simulation.machine;

import dev.coatcheck.simulation.machine.SimTask.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one at a time in an order that a seed decides, in virtual time. At each blocking call
 * the task that makes it picks who goes on; when nobody can, time jumps to the next alarm. Tasks
 * are picked by the order in which they became able to run and by the dice, by nothing else.
 */
public final class Scheduler {

  private static final long FOREVER = Long.MAX_VALUE;

  /** No run takes this long unless a task waits for something that is no port. */
  private static final Duration REAL_TIME_MAX = Duration.ofMinutes(2);

  private record Alarm(long at, long order, SimTask task, long turn) {}

  private final SplittableRandom dice;
  private final long picksMax;
  private final BiConsumer<String, Throwable> crashed;
  private final List<SimTask> runnable = new ArrayList<>();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::order));
  private final List<Realm> realms = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private LongSupplier stall = () -> 0;
  private @Nullable SimTask current;
  private @Nullable SimTask main;
  private boolean ending;
  private @Nullable String stuck;
  private long nanos;
  private long order;
  private long picks;
  private int living;

  /**
   * A scheduler at time zero.
   *
   * @param picksMax how often a task may be picked before the run counts as one that never ends
   * @param crashed told of a task that ended by an exception, with its name
   */
  public Scheduler(long seed, long picksMax, BiConsumer<String, Throwable> crashed) {
    this.dice = new SplittableRandom(seed);
    this.picksMax = picksMax;
    this.crashed = crashed;
  }

  /** Virtual nanoseconds since the beginning. */
  public long nanos() {
    return nanos;
  }

  /** How often a task was picked. */
  public long picks() {
    return picks;
  }

  /** How long a task that could go on is kept waiting all the same, as by a busy machine. */
  public void stalls(LongSupplier nanosOfStall) {
    stall = nanosOfStall;
  }

  /** The process whose task runs now. */
  public Realm realm() {
    return me().realm;
  }

  /**
   * Runs a task and everything that it forks until it has ended; then all others are unwound.
   *
   * @return why the run came to no end, or null
   */
  public @Nullable String run(Realm realm, Runnable body) throws InterruptedException {
    main = fork(realm, "main", body);
    runnable.clear();
    current = main;
    main.resume();
    if (!over.await(REAL_TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("a task keeps the baton: " + current);
    }
    return stuck;
  }

  SimTask fork(Realm realm, String name, Runnable body) {
    if (current != null) {
      alive();
    }
    SimTask task = new SimTask(this, realm, name);
    task.starts(() -> toTheEnd(task, body));
    if (realm.tasks.isEmpty() && !realms.contains(realm)) {
      realms.add(realm);
    }
    realm.tasks.add(task);
    living++;
    ready(task);
    return task;
  }

  private void toTheEnd(SimTask task, Runnable body) {
    try {
      if (task.realm.alive()) {
        body.run();
      }
    } catch (Killed killed) {
      // Unwound; its process is gone.
    } catch (Throwable defect) {
      if (task.realm.alive()) {
        crashed.accept(task.toString(), defect);
      }
    }
    task.state = State.DONE;
    task.realm.tasks.remove(task);
    living--;
    task.joining.forEach(this::wake);
    if (task == main) {
      end();
    }
    if (living == 0) {
      over.countDown();
      return;
    }
    SimTask next = pick();
    current = next;
    next.resume();
  }

  /** Kills every process and lets what is left unwind. */
  private void end() {
    if (!ending) {
      ending = true;
      List.copyOf(realms).forEach(this::kill);
    }
  }

  /** Ends a process: none of its tasks has any effect from now on. */
  public void kill(Realm realm) {
    realm.die();
    for (SimTask task : List.copyOf(realm.tasks)) {
      if (task.neverBegan()) {
        realm.tasks.remove(task);
        runnable.remove(task);
        realm.frozenTasks.remove(task);
        task.state = State.DONE;
        living--;
      } else {
        wake(task);
      }
    }
    runnable.addAll(realm.frozenTasks);
    realm.frozenTasks.clear();
    if (!ending) {
      realms.remove(realm);
    }
  }

  /** Stops a process in its tracks, or lets it go on. */
  public void freeze(Realm realm, boolean still) {
    if (realm.alive()) {
      realm.freeze(still);
      if (!still) {
        runnable.addAll(realm.frozenTasks);
        realm.frozenTasks.clear();
      }
    }
  }

  /** Unwinds the caller if its process is dead. */
  public void alive() {
    if (!me().realm.alive()) {
      throw new Killed();
    }
  }

  /** A point at which another task may go on first. */
  public void pass() {
    alive();
    if (dice.nextBoolean()) {
      SimTask task = me();
      ready(task);
      handOver(task);
      alive();
    }
  }

  /** Waits for this long, interrupted or not. */
  public void pause(Duration duration) {
    alive();
    long until = nanos + Math.max(0, duration.toNanos());
    do {
      block(until);
    } while (nanos < until);
  }

  void sleep(Duration duration) throws InterruptedException {
    heed();
    long until = nanos + Math.max(0, duration.toNanos());
    do {
      block(until);
      heed();
    } while (nanos < until);
  }

  /** Throws if the caller was interrupted. */
  void heed() throws InterruptedException {
    alive();
    SimTask task = me();
    if (task.interrupted) {
      task.interrupted = false;
      throw new InterruptedException();
    }
  }

  boolean join(SimTask other, Duration atMost) throws InterruptedException {
    heed();
    long until = after(atMost);
    while (other.state != State.DONE && nanos < until) {
      other.joining.add(me());
      block(until);
      heed();
    }
    return other.state == State.DONE;
  }

  long after(Duration duration) {
    boolean long_ = duration.compareTo(Duration.ofDays(3_650)) > 0;
    return long_ ? FOREVER : nanos + Math.max(0, duration.toNanos());
  }

  static long forever() {
    return FOREVER;
  }

  SimTask me() {
    return Objects.requireNonNull(current);
  }

  /** Waits until woken, or until the time; the caller looks by itself what it was. */
  void block(long until) {
    SimTask task = me();
    task.state = State.BLOCKED;
    task.woken = false;
    task.wait++;
    if (until != FOREVER) {
      alarms.add(new Alarm(until, order++, task, task.wait));
    }
    handOver(task);
    alive();
  }

  void wake(SimTask task) {
    if (task.state == State.BLOCKED && !task.woken) {
      task.woken = true;
      long late = ending || !task.realm.alive() ? 0 : stall.getAsLong();
      if (late > 0) {
        task.wait++;
        alarms.add(new Alarm(nanos + late, order++, task, task.wait));
      } else {
        ready(task);
      }
    }
  }

  private void ready(SimTask task) {
    task.state = State.RUNNABLE;
    runnable.add(task);
  }

  private void handOver(SimTask from) {
    SimTask next = pick();
    if (next != from) {
      current = next;
      next.resume();
      from.rest();
    }
  }

  private SimTask pick() {
    if (++picks > picksMax && !ending) {
      stuck = "no end after " + picksMax + " picks";
      end();
    }
    while (true) {
      while (!runnable.isEmpty()) {
        SimTask task = take(dice.nextInt(runnable.size()));
        if (!task.realm.frozen()) {
          return task;
        }
        task.realm.frozenTasks.add(task);
      }
      ring();
    }
  }

  private SimTask take(int index) {
    SimTask last = runnable.removeLast();
    return index == runnable.size() ? last : runnable.set(index, last);
  }

  /** Jumps to the next alarm. */
  private void ring() {
    Alarm next = nextAlarm();
    if (next == null) {
      if (ending) {
        throw new IllegalStateException("tasks are left that nothing wakes");
      }
      stuck = "everybody waits for ever";
      end();
      return;
    }
    nanos = Math.max(nanos, next.at);
    while (next != null && next.at <= nanos) {
      alarms.remove();
      ready(next.task);
      next = nextAlarm();
    }
  }

  private @Nullable Alarm nextAlarm() {
    Alarm next = alarms.peek();
    while (next != null && stale(next)) {
      alarms.remove();
      next = alarms.peek();
    }
    return next;
  }

  private static boolean stale(Alarm alarm) {
    return alarm.task.state != State.BLOCKED || alarm.task.wait != alarm.turn;
  }
}
