package dev.coatcheck.server.metrics;

import dev.coatcheck.Engine;
import dev.coatcheck.store.Reader.Finished;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.StoreUnavailableException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What is counted and timed. */
public final class Metrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Counter> submitted = new ConcurrentHashMap<>();
  private final Map<String, Timer> finished = new ConcurrentHashMap<>();
  private final Map<String, Timer> requests = new ConcurrentHashMap<>();

  /** A job was accepted. */
  public void submitted(String worker) {
    submitted
        .computeIfAbsent(
            worker,
            name ->
                Counter.builder("coatcheck.jobs.submitted")
                    .description("Jobs accepted")
                    .tag("worker", name)
                    .register(registry))
        .increment();
  }

  /** A job reached a final status. */
  public void finished(Finished job) {
    Duration ran = job.ran();
    finished(job.worker(), job.phase().status().wire(), ran == null ? Duration.ZERO : ran);
  }

  /** A job reached a final status after this much execution. */
  public void finished(String worker, String status, Duration ran) {
    finished
        .computeIfAbsent(
            worker + " " + status,
            key ->
                Timer.builder("coatcheck.jobs.finished")
                    .description("Jobs done, and how long their last attempt ran")
                    .tag("worker", worker)
                    .tag("status", status)
                    .serviceLevelObjectives(
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10))
                    .register(registry))
        .record(ran);
  }

  /** A request was answered. */
  public void answered(String method, String route, int status, Duration took) {
    requests
        .computeIfAbsent(
            method + " " + route + " " + status,
            key ->
                Timer.builder("coatcheck.http.requests")
                    .description("Requests answered")
                    .tag("method", method)
                    .tag("route", route)
                    .tag("status", Integer.toString(status))
                    .register(registry))
        .record(took);
  }

  /** The figures in Prometheus' text form, with the workers' queues as they are now. */
  public String scrape(Engine engine) {
    for (KnownWorker worker : engine.catalog().all()) {
      String name = worker.spec().name();
      gauge(engine, name, "queued", WorkerCounts::ready);
      gauge(engine, name, "scheduled", WorkerCounts::waiting);
      gauge(engine, name, "running", WorkerCounts::running);
      gauge(engine, name, "suspended", WorkerCounts::suspended);
    }
    return registry.scrape();
  }

  private void gauge(
      Engine engine, String worker, String state, ToDoubleFunction<WorkerCounts> count) {
    Tags tags = Tags.of("worker", worker, "state", state);
    if (registry.find("coatcheck.jobs.open").tags(tags).gauge() == null) {
      Gauge.builder("coatcheck.jobs.open", () -> read(engine, worker, count))
          .description("Jobs that are not done")
          .tags(tags)
          .register(registry);
    }
  }

  private static double read(Engine engine, String worker, ToDoubleFunction<WorkerCounts> count) {
    try {
      return count.applyAsDouble(engine.reader().counts(worker));
    } catch (StoreUnavailableException unavailable) {
      return Double.NaN;
    }
  }
}
