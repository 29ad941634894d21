package dev.coatcheck.store.base;

import dev.coatcheck.store.Signals;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Gives signals of what was committed. */
public final class Hints implements Signals {

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<Upkeep, Instant> known = new EnumMap<>(Upkeep.class);

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  boolean heard() {
    return !listeners.isEmpty();
  }

  /** A transaction is durable: tells all that it has to tell. */
  public void give(News news) {
    Instant due = earlier(news);
    for (Listener listener : listeners) {
      news.work().forEach(listener::work);
      news.changes().forEach(change -> listener.changed(change.job(), change.phase()));
      if (due != null) {
        listener.due(due);
      }
    }
  }

  /** The earliest instant that is earlier than what listeners know; most are later. */
  private synchronized @Nullable Instant earlier(News news) {
    news.swept()
        .forEach((upkeep, sweep) -> {
          if (sweep.next() == null) {
            known.remove(upkeep);
          } else {
            known.put(upkeep, sweep.next());
          }
        });
    Instant earliest = null;
    for (Map.Entry<Upkeep, Instant> entry : news.due().entrySet()) {
      Instant at = entry.getValue();
      Instant last = known.get(entry.getKey());
      if (last == null || at.isBefore(last)) {
        known.put(entry.getKey(), at);
        earliest = earliest == null || at.isBefore(earliest) ? at : earliest;
      }
    }
    return earliest;
  }
}
