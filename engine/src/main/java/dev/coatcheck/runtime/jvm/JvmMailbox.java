package dev.coatcheck.runtime.jvm;

import dev.coatcheck.runtime.Mailbox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

final class JvmMailbox<T> implements Mailbox<T> {

  private final ConcurrentLinkedQueue<T> items = new ConcurrentLinkedQueue<>();
  private final JvmSignal filled = new JvmSignal();

  @Override
  public void put(T item) {
    items.add(item);
    filled.raise();
  }

  @Override
  public List<T> takeAll() throws InterruptedException {
    List<T> taken = drain();
    while (taken.isEmpty()) {
      filled.await();
      taken = drain();
    }
    return taken;
  }

  @Override
  public List<T> drain() {
    List<T> taken = new ArrayList<>();
    for (@Nullable T item = items.poll(); item != null; item = items.poll()) {
      taken.add(item);
    }
    return taken;
  }
}
