package dev.coatcheck.outbound;

import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.ForbiddenSockets;
import dev.coatcheck.outbound.rules.HostPort;
import dev.coatcheck.outbound.rules.Interfaces;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * What an {@link Outbound} goes by.
 *
 * @param allow what the operator opens besides the public Internet
 * @param forbidden sockets that are never called, such as the server's own
 * @param forbiddenHosts names that are never called, such as the server's public one
 * @param interfaces which addresses are this machine's own
 * @param resolver empty for that of the operating system
 * @param tls whom to trust
 */
public record OutboundSettings(
    AllowList allow,
    ForbiddenSockets forbidden,
    Set<HostPort> forbiddenHosts,
    Interfaces interfaces,
    Optional<Resolver> resolver,
    SSLContext tls) {

  /** Nothing but the public Internet, with the JDK's trust. */
  public static OutboundSettings defaults() {
    try {
      return new OutboundSettings(
          AllowList.NONE,
          ForbiddenSockets.NONE,
          Set.of(),
          Interfaces.ofThisMachine(),
          Optional.empty(),
          SSLContext.getDefault());
    } catch (NoSuchAlgorithmException unusable) {
      throw new IllegalStateException(unusable);
    }
  }

  public OutboundSettings withAllow(AllowList value) {
    return new OutboundSettings(value, forbidden, forbiddenHosts, interfaces, resolver, tls);
  }

  public OutboundSettings withForbidden(ForbiddenSockets value) {
    return new OutboundSettings(allow, value, forbiddenHosts, interfaces, resolver, tls);
  }

  public OutboundSettings withForbiddenHosts(Set<HostPort> value) {
    return new OutboundSettings(allow, forbidden, value, interfaces, resolver, tls);
  }

  public OutboundSettings withInterfaces(Interfaces value) {
    return new OutboundSettings(allow, forbidden, forbiddenHosts, value, resolver, tls);
  }

  public OutboundSettings withResolver(Resolver value) {
    return new OutboundSettings(
        allow, forbidden, forbiddenHosts, interfaces, Optional.of(value), tls);
  }

  public OutboundSettings withTls(SSLContext value) {
    return new OutboundSettings(allow, forbidden, forbiddenHosts, interfaces, resolver, value);
  }
}
