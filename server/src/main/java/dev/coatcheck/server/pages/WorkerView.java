package dev.coatcheck.server.pages;

import dev.coatcheck.Engine;
import dev.coatcheck.observe.WorkerStats;
import dev.coatcheck.server.pages.show.Figures;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.worker.WorkerSpec;
import java.util.List;

/**
 * A worker and how it does.
 *
 * @param runners how many take its jobs now
 */
public record WorkerView(
    WorkerSpec spec,
    int version,
    WorkerCounts counts,
    WorkerStats stats,
    int runners,
    boolean paused) {

  static WorkerView of(Engine engine, KnownWorker worker) {
    String name = worker.spec().name();
    return new WorkerView(
        worker.spec(),
        worker.version(),
        engine.reader().counts(name),
        engine.stats().of(name, engine.now()),
        engine.runners(name),
        worker.paused());
  }

  static List<WorkerView> all(Engine engine, List<KnownWorker> workers) {
    return workers.stream().map(worker -> of(engine, worker)).toList();
  }

  public String name() {
    return spec.name();
  }

  public long open() {
    return counts.open();
  }

  /** Whether runners elsewhere do its jobs. */
  public boolean lent() {
    return spec.kind().equals("pull");
  }

  /** How many attempts there may be at once. */
  public String concurrency() {
    return spec.concurrency() == WorkerSpec.UNLIMITED ? "∞" : Figures.count(spec.concurrency());
  }

  /** Share of the finished jobs that succeeded. */
  public String rate() {
    return stats.finished() == 0 ? "–" : Figures.percent(stats.successRate());
  }

  public boolean healthy() {
    return stats.finished() == 0 || stats.successRate() >= 0.9;
  }

  public String p50() {
    return stats.hasDurations() ? Figures.millis(stats.ran().p50()) : "–";
  }

  public String p95() {
    return stats.hasDurations() ? Figures.millis(stats.ran().p95()) : "–";
  }

  public String waited() {
    return stats.waited().count() == 0 ? "–" : Figures.millis(stats.waited().p50());
  }

  /** The time that the figures are from. */
  public String window() {
    return stats.window().isZero() ? "last " + stats.finished() + " jobs" : "last 15 min";
  }
}
