package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Gives signals after a commit. All but {@link #listen} is called by the writer thread only. */
final class Hints implements Signals {

  private record Change(JobId job, Phase phase) {}

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<Upkeep, Instant> known = new EnumMap<>(Upkeep.class);

  /** What the transaction under way has to tell. */
  private final Set<String> work = new LinkedHashSet<>();

  private final List<Change> changes = new ArrayList<>();
  private final Map<Upkeep, Instant> due = new EnumMap<>(Upkeep.class);
  private final Map<Upkeep, Sweep> swept = new EnumMap<>(Upkeep.class);

  private record Sweep(@Nullable Instant next) {}

  private @Nullable StoreUnavailableException broken;

  @Override
  public synchronized void listen(Listener listener) {
    listeners.add(listener);
    if (broken != null) {
      listener.broken(broken);
    }
  }

  /** Nothing more is written. */
  synchronized void broken(StoreUnavailableException cause) {
    broken = cause;
    listeners.forEach(listener -> listener.broken(cause));
  }

  void work(String worker) {
    work.add(worker);
  }

  void changed(JobId job, Phase phase) {
    if (!listeners.isEmpty()) {
      changes.add(new Change(job, phase));
    }
  }

  void due(Upkeep upkeep, @Nullable Instant at) {
    if (at != null) {
      Instant before = due.get(upkeep);
      if (before == null || at.isBefore(before)) {
        due.put(upkeep, at);
      }
    }
  }

  /** A sweep tells its caller when it is due again, taking all before it into account. */
  void swept(Upkeep upkeep, @Nullable Instant next) {
    due.remove(upkeep);
    swept.put(upkeep, new Sweep(next));
  }

  /** The transaction is durable: tells all and forgets it. */
  void give() {
    Instant news = news();
    for (Listener listener : listeners) {
      work.forEach(listener::work);
      changes.forEach(change -> listener.changed(change.job(), change.phase()));
      if (news != null) {
        listener.due(news);
      }
    }
    drop();
  }

  /** The transaction was rolled back. */
  void drop() {
    work.clear();
    changes.clear();
    due.clear();
    swept.clear();
  }

  /** The earliest new instant that is earlier than what listeners know; most are later. */
  private @Nullable Instant news() {
    swept.forEach((upkeep, sweep) -> {
      if (sweep.next() == null) {
        known.remove(upkeep);
      } else {
        known.put(upkeep, sweep.next());
      }
    });
    Instant news = null;
    for (Map.Entry<Upkeep, Instant> entry : due.entrySet()) {
      Instant at = entry.getValue();
      Instant last = known.get(entry.getKey());
      if (last == null || at.isBefore(last)) {
        known.put(entry.getKey(), at);
        news = news == null || at.isBefore(news) ? at : news;
      }
    }
    return news;
  }
}
