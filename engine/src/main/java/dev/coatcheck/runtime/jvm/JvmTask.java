package dev.coatcheck.runtime.jvm;

import dev.coatcheck.runtime.Task;
import java.time.Duration;

record JvmTask(Thread thread) implements Task {

  @Override
  public void interrupt() {
    thread.interrupt();
  }

  @Override
  public boolean join(Duration atMost) throws InterruptedException {
    return thread.join(atMost);
  }
}
