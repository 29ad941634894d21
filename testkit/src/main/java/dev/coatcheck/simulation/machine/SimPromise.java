package dev.coatcheck.simulation.machine;

import dev.coatcheck.runtime.Promise;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One answer. Giving it never switches tasks; the first stays. */
public final class SimPromise<T> implements Promise<T> {

  private final SimSignal given;
  private final Scheduler scheduler;
  private final Realm realm;
  private @Nullable T value;
  private @Nullable RuntimeException cause;

  SimPromise(Scheduler scheduler, Realm realm) {
    this.scheduler = scheduler;
    this.realm = realm;
    this.given = new SimSignal(scheduler, realm);
  }

  @Override
  public void keep(T answer) {
    if (realm.alive() && open()) {
      value = answer;
      given.raise();
    }
  }

  @Override
  public void breakWith(RuntimeException reason) {
    if (realm.alive() && open()) {
      cause = reason;
      given.raise();
    }
  }

  @Override
  public T await() throws InterruptedException {
    scheduler.pass();
    while (open()) {
      given.await();
    }
    if (cause != null) {
      throw cause;
    }
    return java.util.Objects.requireNonNull(value);
  }

  /** The answer, if it comes in time. */
  public Optional<T> await(Duration atMost) throws InterruptedException {
    long until = scheduler.after(atMost);
    while (open() && scheduler.nanos() < until) {
      given.await(Duration.ofNanos(until - scheduler.nanos()));
    }
    return Optional.ofNullable(value);
  }

  private boolean open() {
    return value == null && cause == null;
  }
}
