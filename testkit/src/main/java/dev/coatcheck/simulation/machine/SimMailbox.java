package dev.coatcheck.simulation.machine;

import dev.coatcheck.runtime.Mailbox;
import java.util.ArrayList;
import java.util.List;

/** Items from many tasks to one. Putting one in never switches tasks. */
final class SimMailbox<T> implements Mailbox<T> {

  private final SimSignal filled;
  private final Realm realm;
  private List<T> items = new ArrayList<>();

  SimMailbox(Scheduler scheduler, Realm realm) {
    this.filled = new SimSignal(scheduler, realm);
    this.realm = realm;
  }

  @Override
  public void put(T item) {
    if (realm.alive()) {
      items.add(item);
      filled.raise();
    }
  }

  @Override
  public List<T> takeAll() throws InterruptedException {
    while (items.isEmpty()) {
      filled.await();
    }
    return drain();
  }

  @Override
  public List<T> drain() {
    List<T> taken = items;
    items = new ArrayList<>();
    return taken;
  }
}
