package dev.coatcheck.store.base;

import dev.coatcheck.store.Signals;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives signals of what was committed. */
public final class Hints implements Signals {

  private final boolean lossy;
  private volatile List<Listener> listeners = List.of();
  private @Nullable StoreUnavailableException broken;
  private final Map<Upkeep, Instant> known = new EnumMap<>(Upkeep.class);

  /** How often something was told that makes a sweep due. */
  private final Map<Upkeep, Long> told = new EnumMap<>(Upkeep.class);

  /** Sweeps during whose last look nothing was told. */
  private final Set<Upkeep> sure = EnumSet.noneOf(Upkeep.class);

  /**
   * Tells nobody yet.
   *
   * @param lossy whether others change the same jobs
   */
  public Hints(boolean lossy) {
    this.lossy = lossy;
  }

  @Override
  public boolean lossy() {
    return lossy;
  }

  @Override
  public synchronized void listen(Listener listener) {
    listeners = Stream.concat(listeners.stream(), Stream.of(listener)).toList();
    if (broken != null) {
      listener.broken(broken);
    }
  }

  /** Nothing more is written: tells all, and whoever comes later. */
  public synchronized void broken(StoreUnavailableException cause) {
    broken = cause;
    listeners.forEach(listener -> listener.broken(cause));
  }

  boolean heard() {
    return !listeners.isEmpty();
  }

  /** A transaction is durable: tells all that it has to tell. */
  public void give(News news) {
    Instant due = earlier(news);
    Instant scheduled = news.scheduled();
    for (Listener listener : listeners) {
      news.work().forEach(listener::work);
      news.changes().forEach(change -> listener.changed(change.job(), change.phase()));
      if (due != null) {
        listener.due(due);
      }
      if (scheduled != null) {
        listener.scheduled(scheduled);
      }
    }
  }

  /** Passes on what came from elsewhere, to all listeners but the one that it came by. */
  public void pass(@Nullable Listener but, Consumer<Listener> news) {
    for (Listener listener : listeners) {
      if (!listener.equals(but)) {
        news.accept(listener);
      }
    }
  }

  /** A sweep begins to look when it is due; to be given to {@link #looked}. */
  public synchronized long looks(Upkeep upkeep) {
    return told.getOrDefault(upkeep, 0L);
  }

  /** It has looked and told what it saw, which may be less than what was told meanwhile. */
  public synchronized void looked(Upkeep upkeep, long begun) {
    if (looks(upkeep) == begun) {
      sure.add(upkeep);
    } else {
      sure.remove(upkeep);
    }
  }

  /** Whether {@link #next} takes everything into account that was told here. */
  public synchronized boolean sure(Upkeep upkeep) {
    return sure.contains(upkeep);
  }

  /** When the sweep is due as far as was told; null for not at all. */
  public synchronized @Nullable Instant next(Upkeep upkeep) {
    return known.get(upkeep);
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
      told.merge(entry.getKey(), 1L, Long::sum);
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
