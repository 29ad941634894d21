package dev.coatcheck.server;

import dev.coatcheck.outbound.Outbound;
import dev.coatcheck.outbound.OutboundSettings;
import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.outbound.rules.HostPort;
import dev.coatcheck.outbound.rules.Interfaces;
import dev.coatcheck.outbound.rules.OwnSockets;
import dev.coatcheck.server.config.ServerConfig;
import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's one way out to URLs of callers. It never leads back to the server, which would take
 * such a request for one from this machine.
 */
final class WayOut implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WayOut.class);

  private final Outbound outbound;
  private final OwnSockets own;

  private WayOut(Outbound outbound, OwnSockets own) {
    this.outbound = outbound;
    this.own = own;
  }

  static WayOut open(ServerConfig config) {
    Interfaces interfaces = Interfaces.ofThisMachine();
    OwnSockets own = new OwnSockets(interfaces);
    if (config.port() != 0) {
      own.listen(config.port());
    }
    Set<HostPort> names =
        config.publicUrl().stream()
            .map(url -> HostPort.of(URI.create(url)))
            .collect(Collectors.toUnmodifiableSet());
    tell(config);
    OutboundSettings settings =
        OutboundSettings.defaults()
            .withAllow(config.outboundAllow())
            .withInterfaces(interfaces)
            .withForbidden(own)
            .withForbiddenHosts(names);
    return new WayOut(new Outbound(settings), own);
  }

  private static void tell(ServerConfig config) {
    AllowList allow = config.outboundAllow();
    if (!allow.isEmpty()) {
      String and = allow.linkLocalToo() ? ", link-local and metadata addresses included" : "";
      log.warn("outbound.allow opens to callers what is not public: {}{}", allow, and);
    }
    HostList hosts = config.httpAllow();
    if (!hosts.isEmpty()) {
      log.info("workers.http.allow lets http jobs call: {}", hosts);
    }
  }

  /** Tells on which port the server listens. */
  void listening(int port) {
    own.listen(port);
  }

  Outbound outbound() {
    return outbound;
  }

  @Override
  public void close() {
    outbound.close();
  }
}
