package dev.coatcheck.server.system;

import dev.coatcheck.Engine;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.metrics.Metrics;
import dev.coatcheck.store.Durability;
import dev.coatcheck.store.Restore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Whether and how the server runs. */
public final class SystemRoutes {

  private final Engine engine;
  private final Facts facts;
  private final BooleanSupplier draining;
  private final Metrics metrics;
  private final Instant startedAt = Instant.now();

  /**
   * What the server tells of itself.
   *
   * @param mode {@code open} or {@code closed}
   * @param store kind of the store
   */
  public record Facts(String version, String mode, String store) {}

  public SystemRoutes(Engine engine, Facts facts, BooleanSupplier draining, Metrics metrics) {
    this.engine = engine;
    this.facts = facts;
    this.draining = draining;
    this.metrics = metrics;
  }

  /** {@code GET /health/live}: the process answers. */
  public void live(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    status(exchange, "live");
  }

  /** {@code GET /health/ready}: jobs can be handed in, and what is acknowledged survives this. */
  public void ready(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    if (draining.getAsBoolean()) {
      throw Problem.of(ProblemCode.DRAINING, "The server is stopping.")
          .retryAfter(Duration.ofSeconds(5));
    }
    engine.requireStore();
    Durability durability = engine.durability();
    exchange.json(
        200,
        JsonOut.object(out ->
            out.string("status", "ready")
                .object("durability", inner -> durability(inner, durability))));
  }

  private static void durability(JsonOut out, Durability durability) {
    String warning = durability.lossy() ? "An acknowledged job may be lost." : null;
    out.string("survives", durability.survives().word())
        .string("why", durability.why())
        .string("warning", warning);
  }

  private static void status(Exchange exchange, String status) throws Exception {
    exchange.json(200, JsonOut.object(out -> out.string("status", status)));
  }

  /** {@code GET /v1/system}. */
  public void system(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Duration uptime = Duration.between(startedAt, Instant.now());
    exchange.json(
        200,
        JsonOut.object(out ->
            out.string("name", "coatcheck")
                .string("version", facts.version())
                .string("mode", facts.mode())
                .object("store", store -> store.string("kind", facts.store()))
                .instant("started_at", startedAt)
                .millis("uptime_ms", uptime)
                .number("workers", engine.catalog().all().size())
                .string("java", Runtime.version().toString())
                .bool("draining", draining.getAsBoolean())
                .array("restores", this::restores)));
  }

  private void restores(JsonOut out) {
    for (Restore restore : engine.restores()) {
      out.item(item ->
          item.instant("cut_at", restore.cutAt())
              .instant("restored_at", restore.restoredAt())
              .number("leases_ended", restore.leases()));
    }
  }

  /** {@code GET /metrics}. */
  public void metrics(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    byte[] text = metrics.scrape(engine).getBytes(StandardCharsets.UTF_8);
    exchange.send(200, "text/plain; version=0.0.4; charset=utf-8", text);
  }
}
