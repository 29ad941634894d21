package dev.coatcheck.testkit;

import dev.coatcheck.job.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which row upkeep has something to do with next, for each of its sweeps. */
final class Agenda {

  /** The sweeps of upkeep, each with an agenda of its own. */
  enum Upkeep {
    STAGE,
    RESCUE,
    PRUNE;

    static Upkeep of(Phase phase) {
      return switch (phase) {
        case READY, WAITING, FOLLOWING -> STAGE;
        case RUNNING, SUSPENDED -> RESCUE;
        case SUCCEEDED, FAILED, TIMED_OUT, CANCELED -> PRUNE;
      };
    }
  }

  private record Due(Instant at, Row row) {}

  private final Map<Upkeep, NavigableSet<Due>> dues = new EnumMap<>(Upkeep.class);

  Agenda() {
    for (Upkeep upkeep : Upkeep.values()) {
      dues.put(
          upkeep,
          new TreeSet<>(Comparator.comparing(Due::at).thenComparingLong(due -> due.row().seq)));
    }
  }

  void add(Row row) {
    Instant wakeAt = row.wakeAt();
    if (wakeAt != null) {
      of(Upkeep.of(row.phase)).add(new Due(wakeAt, row));
    }
  }

  void remove(Row row) {
    Instant wakeAt = row.wakeAt();
    if (wakeAt != null) {
      of(Upkeep.of(row.phase)).remove(new Due(wakeAt, row));
    }
  }

  /** Rows that the sweep has something to do with, most overdue first. */
  List<Row> due(Upkeep upkeep, Instant now, int max) {
    List<Row> due = new ArrayList<>();
    for (Due entry : of(upkeep)) {
      if (due.size() >= max || entry.at().isAfter(now)) {
        break;
      }
      due.add(entry.row());
    }
    return due;
  }

  @Nullable Instant next(Upkeep upkeep) {
    NavigableSet<Due> entries = of(upkeep);
    return entries.isEmpty() ? null : entries.first().at();
  }

  private NavigableSet<Due> of(Upkeep upkeep) {
    return Objects.requireNonNull(dues.get(upkeep));
  }
}
