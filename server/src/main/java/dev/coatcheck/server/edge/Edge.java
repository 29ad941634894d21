package dev.coatcheck.server.edge;

import dev.coatcheck.server.config.AdminKey;
import dev.coatcheck.server.config.ServerConfig;
import dev.coatcheck.server.secret.SecretKey;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Sets Jetty up: strict framing, limits, virtual threads for requests, slow peers watched. */
public final class Edge implements AutoCloseable {

  private static final int HEADER_BYTES_MAX = 16 * 1024;
  private static final int CONNECTIONS_MAX = 20_000;
  private static final Duration IDLE = Duration.ofSeconds(75);

  /** How long connections without a request stay open when the server stops. */
  private static final Duration SHUTDOWN_IDLE = Duration.ofMillis(250);

  /** What a peer that does not read can make the kernel keep for it. */
  private static final int SEND_BUFFER = 512 * 1024;

  private final Watchdog watchdog = new Watchdog();
  private final Doorman doorman;
  private final Optional<Sessions> sessions;
  private final ServerConfig config;

  public Edge(ServerConfig config, SecretKey secret) {
    this.config = config;
    InstantSource clock = InstantSource.system();
    Optional<AdminKey> key = config.adminKey();
    this.sessions = key.map(k -> new Sessions(k, secret, clock, config.behindTlsProxy()));
    this.doorman =
        key.<Doorman>flatMap(k -> sessions.map(all -> new ClosedDoor(k, all)))
            .orElseGet(OpenDoor::new);
  }

  /** The sessions of browsers; empty for an open server. */
  public Optional<Sessions> sessions() {
    return sessions;
  }

  public Doorman doorman() {
    return doorman;
  }

  public Watchdog watchdog() {
    return watchdog;
  }

  /** Applies everything to a server about to be created. */
  public void configure(JavalinConfig javalin) {
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.http.prefer405over404 = true;
    javalin.http.generateEtags = false;
    javalin.http.compressionStrategy = CompressionStrategy.NONE;
    javalin.router.ignoreTrailingSlashes = false;
    javalin.jetty.threadPool = threads();
    javalin.jetty.modifyHttpConfiguration(Edge::configure);
    javalin.jetty.modifyServer(this::configure);
    javalin.jetty.addConnector(this::connector);
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool pool = new QueuedThreadPool(64, 4);
    pool.setName("coatcheck-http");
    pool.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    return pool;
  }

  private static void configure(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES_MAX);
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(UriCompliance.RFC3986);
    http.setIdleTimeout(IDLE.toMillis());
    http.setNotifyRemoteAsyncErrors(false);
  }

  private void configure(Server server) {
    server.setErrorHandler(new ErrorPages());
    server.insertHandler(new Gate(doorman));
    server.setStopTimeout(config.grace().plusSeconds(5).toMillis());
    server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, server));
  }

  private Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new WatchedConnectionFactory(http, watchdog));
    connector.setHost(config.host());
    connector.setPort(config.port());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setShutdownIdleTimeout(SHUTDOWN_IDLE.toMillis());
    connector.setAcceptQueueSize(1024);
    connector.setAcceptedSendBufferSize(SEND_BUFFER);
    return connector;
  }

  @Override
  public void close() {
    watchdog.close();
  }
}
