package dev.coatcheck.server;

import dev.coatcheck.Engine;
import dev.coatcheck.server.backup.Backups;
import dev.coatcheck.server.bulk.BulkMetrics;
import dev.coatcheck.server.bulk.Redraft;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.edge.Edge;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.files.Links;
import dev.coatcheck.server.http.Waits;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.metrics.Metrics;
import dev.coatcheck.server.pages.Assets;
import dev.coatcheck.server.pages.Pages;
import dev.coatcheck.server.secret.SecretKey;
import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server on an engine that others start and stop. */
public final class Server {

  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private final ServerConfig config;
  private final Edge edge;
  private final Waits waits;
  private final Javalin javalin;

  private Server(ServerConfig config, Edge edge, Waits waits, Javalin javalin) {
    this.config = config;
    this.edge = edge;
    this.waits = waits;
    this.javalin = javalin;
  }

  /**
   * Starts to listen; when this returns, requests are answered.
   *
   * @param backups empty for a store that is backed up by tools of its own
   */
  public static Server start(
      ServerConfig config,
      Engine engine,
      WorkerContracts contracts,
      SecretKey secret,
      Optional<Backups> backups) {
    Edge edge = new Edge(config, secret);
    Waits waits = new Waits();
    Metrics metrics = new Metrics();
    engine.onFinished(metrics::finished);
    FileDesk files =
        new FileDesk(
            engine.files(),
            new Links(secret, config.linkTtl()),
            engine::now,
            config.uploadMax(),
            config.bodyMax());
    Desk desk = new Desk(engine, contracts, files, waits, metrics);
    engine.operate(new Redraft(contracts), new BulkMetrics(metrics));
    Assets assets = new Assets();
    Pages pages = new Pages(Routes.facts(config, edge), assets);
    List<Route> routes = new ArrayList<>(Routes.api(desk, files, edge, config));
    routes.add(Routes.backup(backups));
    routes.addAll(Routes.pages(desk, edge, config, pages, assets));
    Javalin javalin =
        Javalin.create(settings -> {
          edge.configure(settings);
          new Dispatch(config, metrics, pages).configure(settings, routes);
        });
    try {
      javalin.start();
    } catch (RuntimeException refused) {
      edge.close();
      throw refused;
    }
    return new Server(config, edge, waits, javalin);
  }

  public int port() {
    return javalin.port();
  }

  /** Where the server can be reached: the public URL, or the address that it listens on. */
  public String url() {
    return config
        .publicUrl()
        .orElseGet(() -> {
          String host = config.host();
          String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
          return "http://" + literal + ":" + port();
        });
  }

  /** From now on the server is not ready, takes no jobs, and streams and waits end. */
  public void drain() {
    waits.end();
  }

  /** Drains, stops to listen, and lets requests that run finish. */
  public void stop() {
    drain();
    try {
      javalin.stop();
    } catch (JavalinException late) {
      log.warn("some requests did not finish in time: {}", late.getMessage());
    } finally {
      edge.close();
    }
  }
}
