package dev.coatcheck.runtime.jvm;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Mailbox;
import dev.coatcheck.runtime.Promise;
import dev.coatcheck.runtime.Signal;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.worker.Execution;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Real time, real threads: virtual ones for {@code io}, platform ones for {@code cpu}. */
public final class JvmMachine implements Machine {

  private final InstantSource clock;
  private final RandomGenerator random;

  public JvmMachine() {
    this(InstantSource.system(), new SecureRandom());
  }

  /** For tests that set the clock or the dice; waits still take real time. */
  public JvmMachine(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Task fork(String name, Execution execution, Runnable body) {
    Thread.Builder builder =
        switch (execution) {
          case IO -> Thread.ofVirtual();
          case CPU -> Thread.ofPlatform().daemon();
        };
    return new JvmTask(builder.name(name).start(body));
  }

  @Override
  public Signal signal() {
    return new JvmSignal();
  }

  @Override
  public <T> Mailbox<T> mailbox() {
    return new JvmMailbox<>();
  }

  @Override
  public <T> Promise<T> promise() {
    return new JvmPromise<>();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
