package dev.coatcheck.testkit;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Signals;
import dev.coatcheck.testkit.Agenda.Upkeep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The signals of one node: what it was told last, and whom it tells. */
final class Hints implements Signals {

  /** What one transaction has to tell. */
  static final class Told {
    final Set<String> work = new LinkedHashSet<>();
    final List<Change> changes = new ArrayList<>();
    final Map<Upkeep, Instant> due = new EnumMap<>(Upkeep.class);

    @Nullable Instant scheduled;

    void scheduled(@Nullable Instant at) {
      scheduled = Row.earlier(scheduled, at);
    }

    void due(Upkeep upkeep, @Nullable Instant at) {
      if (at != null) {
        due.merge(upkeep, at, (a, b) -> a.isAfter(b) ? b : a);
      }
    }
  }

  record Change(JobId job, Phase phase) {}

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<Upkeep, Instant> known = new EnumMap<>(Upkeep.class);

  @Override
  public boolean lossy() {
    return false;
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** A sweep has told its caller when it is due again. */
  synchronized void swept(Upkeep upkeep, @Nullable Instant next) {
    if (next == null) {
      known.remove(upkeep);
    } else {
      known.put(upkeep, next);
    }
  }

  void give(Told told) {
    Instant due = news(told);
    for (Listener listener : listeners) {
      told.work.forEach(listener::work);
      told.changes.forEach(change -> listener.changed(change.job(), change.phase()));
      if (due != null) {
        listener.due(due);
      }
      if (told.scheduled != null) {
        listener.scheduled(told.scheduled);
      }
    }
  }

  /** The earliest instant of the transaction that is earlier than what listeners know. */
  private synchronized @Nullable Instant news(Told told) {
    Instant news = null;
    for (Map.Entry<Upkeep, Instant> entry : told.due.entrySet()) {
      Instant last = known.get(entry.getKey());
      if (last == null || entry.getValue().isBefore(last)) {
        known.put(entry.getKey(), entry.getValue());
        news = Row.earlier(news, entry.getValue());
      }
    }
    return news;
  }
}
