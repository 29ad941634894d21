package dev.coatcheck.server.workers;

import dev.coatcheck.Engine;
import dev.coatcheck.observe.WorkerStats;
import dev.coatcheck.server.config.Durations;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.worker.WorkerSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A worker's definition, in the form in which one is given, and what it did lately. */
final class WorkerJson {

  private WorkerJson() {}

  static void write(JsonOut out, Engine engine, KnownWorker worker) {
    WorkerSpec spec = worker.spec();
    out.string("name", spec.name()).string("kind", spec.kind());
    out.string("description", spec.description());
    out.raw("input_schema", spec.inputSchema()).raw("output_schema", spec.outputSchema());
    boolean bounded = spec.concurrency() != WorkerSpec.UNLIMITED;
    out.number("concurrency", bounded ? spec.concurrency() : null);
    boolean boundedPerKey = spec.concurrencyPerKey() != WorkerSpec.UNLIMITED;
    out.number("concurrency_per_key", boundedPerKey ? spec.concurrencyPerKey() : null);
    out.number("queue_limit", spec.queueLimit());
    out.string("execution", spec.execution().name().toLowerCase(Locale.ROOT));
    duration(out, "queue_timeout", spec.queueTimeout());
    duration(out, "run_timeout", spec.runTimeout());
    duration(out, "deadline", spec.deadline());
    duration(out, "expected_duration", spec.expectedDuration());
    out.number("max_attempts", spec.maxAttempts()).number("max_lost", spec.maxLost());
    retry(out, spec);
    out.number("priority", spec.priority())
        .string("coalesce", spec.coalesces() ? "inflight" : "off");
    duration(out, "cache_ttl", spec.cacheTtl());
    out.nil("eta_by").bool("dead_letters", spec.deadLetters());
    out.object(
        "retention",
        inner -> {
          duration(inner, "succeeded", spec.retention().succeeded());
          duration(inner, "failed", spec.retention().failed());
          duration(inner, "canceled", spec.retention().canceled());
        });
    out.object("price", price -> price.number("fixed", 0)).nil("webhook");
    out.number("version", worker.version());
    out.string("source", worker.source());
    out.bool("paused", worker.paused());
    stats(out, engine, spec);
  }

  private static void retry(JsonOut out, WorkerSpec spec) {
    BigDecimal factor = BigDecimal.valueOf(spec.retry().factor()).stripTrailingZeros();
    out.object(
        "retry",
        inner -> {
          duration(inner, "base", spec.retry().base());
          inner.number("factor", factor.scale() < 0 ? factor.setScale(0) : factor);
          duration(inner, "max", spec.retry().max());
          inner.string("jitter", "full").bool("on_timeout", spec.retry().onTimeout());
        });
  }

  private static void duration(JsonOut out, String name, @Nullable Duration duration) {
    out.string(name, duration == null ? null : Durations.text(duration));
  }

  private static void stats(JsonOut out, Engine engine, WorkerSpec spec) {
    Instant now = engine.now();
    WorkerStats stats = engine.stats().of(spec.name(), now);
    WorkerCounts counts = engine.reader().counts(spec.name());
    Instant oldest = counts.oldestReadyAt();
    out.object(
        "stats",
        inner -> {
          inner.number("window_ms", stats.window().isZero() ? null : stats.window().toMillis());
          inner.number("finished", stats.finished());
          inner.number("success_rate", stats.finished() == 0 ? null : rate(stats));
          inner.object("duration_ms", spread -> duration(spread, stats));
          inner.object("wait_ms", spread -> waited(spread, stats));
          inner.number("queued", counts.ready());
          inner.number("scheduled", counts.waiting());
          inner.number("running", counts.running());
          inner.number("suspended", counts.suspended());
          inner.number("dead_letters", counts.deadLetters());
          inner.number("runners", engine.runners(spec.name()));
          inner.millis("oldest_queued_ms", oldest == null ? null : Duration.between(oldest, now));
          inner.number("eta_ms", eta(stats, counts, spec));
        });
  }

  private static BigDecimal rate(WorkerStats stats) {
    BigDecimal rate = BigDecimal.valueOf(stats.successRate());
    BigDecimal rounded = rate.setScale(4, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  private static void duration(JsonOut out, WorkerStats stats) {
    boolean known = stats.hasDurations();
    out.number("mean", known ? stats.ran().mean() : null);
    out.number("p50", known ? stats.ran().p50() : null);
    out.number("p95", known ? stats.ran().p95() : null);
  }

  private static void waited(JsonOut out, WorkerStats stats) {
    boolean known = stats.waited().count() > 0;
    out.number("p50", known ? stats.waited().p50() : null);
    out.number("p95", known ? stats.waited().p95() : null);
  }

  /** How long a job handed in now would take. */
  private static @Nullable Long eta(WorkerStats stats, WorkerCounts counts, WorkerSpec spec) {
    return stats.hasDurations()
        ? counts.ready() * stats.ran().mean() / spec.concurrency() + stats.ran().p50()
        : null;
  }
}
