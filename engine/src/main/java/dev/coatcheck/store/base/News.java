package dev.coatcheck.store.base;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a transaction under way has to tell once it is durable. Used by one thread at a time. */
public final class News {

  record Change(JobId job, Phase phase) {}

  record Swept(@Nullable Instant next) {}

  private final Hints hints;
  private final Set<String> work = new LinkedHashSet<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<Upkeep, Instant> due = new EnumMap<>(Upkeep.class);
  private final Map<Upkeep, Swept> swept = new EnumMap<>(Upkeep.class);

  private @Nullable Instant scheduled;

  public News(Hints hints) {
    this.hints = hints;
  }

  /** A job of the worker is ready. */
  public void work(String worker) {
    work.add(worker);
  }

  /** The job is in another phase, or its history has grown. */
  public void changed(JobId job, Phase phase) {
    if (hints.heard()) {
      changes.add(new Change(job, phase));
    }
  }

  /** A sweep has something to do at that time, if it is one. */
  public void due(Upkeep upkeep, @Nullable Instant at) {
    if (at != null) {
      due.merge(upkeep, at, (a, b) -> a.isBefore(b) ? a : b);
    }
  }

  /** A sweep tells its caller when it is due again, taking all before it into account. */
  public void swept(Upkeep upkeep, @Nullable Instant next) {
    due.remove(upkeep);
    swept.put(upkeep, new Swept(next));
  }

  /** A schedule stands at this instant now, if at one. */
  public void scheduled(@Nullable Instant at) {
    if (at != null && (scheduled == null || at.isBefore(scheduled))) {
      scheduled = at;
    }
  }

  /** The transaction was rolled back, or its news is told. */
  public void drop() {
    work.clear();
    changes.clear();
    due.clear();
    swept.clear();
    scheduled = null;
  }

  @Nullable Instant scheduled() {
    return scheduled;
  }

  Set<String> work() {
    return work;
  }

  List<Change> changes() {
    return changes;
  }

  Map<Upkeep, Instant> due() {
    return due;
  }

  Map<Upkeep, Swept> swept() {
    return swept;
  }
}
