package dev.coatcheck.simulation.machine;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Mailbox;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.worker.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** What a simulated process runs on: the scheduler's time, its own wall clock, its own dice. */
public final class SimMachine implements Machine {

  /** When every simulated world begins. */
  public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final Scheduler scheduler;
  private final Realm realm;
  private final RandomGenerator random;

  public SimMachine(Scheduler scheduler, Realm realm, RandomGenerator random) {
    this.scheduler = scheduler;
    this.realm = realm;
    this.random = random;
  }

  public Realm realm() {
    return realm;
  }

  @Override
  public Instant now() {
    return BEGINNING.plusNanos(scheduler.nanos()).plus(realm.skew());
  }

  @Override
  public long nanos() {
    return scheduler.nanos();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Task fork(String name, Execution execution, Runnable body) {
    return scheduler.fork(realm, name, body);
  }

  /** Starts a task of this process. */
  public Task fork(String name, Runnable body) {
    return scheduler.fork(realm, name, body);
  }

  @Override
  public Signal signal() {
    return new SimSignal(scheduler, realm);
  }

  @Override
  public <T> Mailbox<T> mailbox() {
    return new SimMailbox<>(scheduler, realm);
  }

  @Override
  public <T> SimPromise<T> promise() {
    return new SimPromise<>(scheduler, realm);
  }

  /** Waits for this long, interrupted or not. */
  public void pause(Duration duration) {
    scheduler.pause(duration);
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    scheduler.sleep(duration);
  }
}
