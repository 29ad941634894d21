package dev.coatcheck.outbound;

import dev.coatcheck.outbound.Outcome.Failed;
import dev.coatcheck.outbound.rules.AddressRules;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.outbound.rules.UrlRules;
import dev.coatcheck.outbound.rules.UrlVerdict;
import java.io.IOException;
import java.io.OutputStream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls URLs that a caller can influence. It follows no redirect, uses no proxy, keeps no cookie
 * and no connection, retries nothing and decompresses nothing. Safe for use from any thread,
 * virtual or not.
 */
public final class Outbound implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Outbound.class);

  private final UrlRules urls;
  private final AddressRules addresses;
  private final Resolver resolver;
  private final SystemResolver system = new SystemResolver();
  private final SSLContext tls;

  public Outbound(OutboundSettings settings) {
    this.addresses =
        new AddressRules(settings.allow(), settings.forbidden(), settings.interfaces());
    this.urls = new UrlRules(settings.allow(), addresses, settings.forbiddenHosts());
    this.resolver = settings.resolver().orElse(system);
    this.tls = settings.tls();
  }

  /** Checks a URL without a look at the network. */
  public UrlVerdict check(String url) {
    return check(url, HostList.ANY);
  }

  /**
   * As {@link #check(String)}, for a caller that may name only some hosts.
   *
   * @param hosts an entry with a port opens that port
   */
  public UrlVerdict check(String url, HostList hosts) {
    UrlVerdict verdict = urls.check(url, hosts);
    if (verdict instanceof UrlVerdict.Refused(String reason)) {
      log.info("outbound URL refused: {}", reason);
    }
    return verdict;
  }

  /**
   * Sends a request and hands the body of its answer to the sink, which is not closed. The sink may
   * have got a part of the body when the outcome is a failure.
   *
   * @throws InterruptedException if the caller is interrupted; the connection is closed then
   * @throws IOException if the sink fails
   */
  public Outcome send(OutboundRequest request, Limits limits, OutputStream sink)
      throws InterruptedException, IOException {
    Call call = new Call(request, limits, sink, resolver, addresses, tls);
    Outcome outcome = new Flight(call, limits.total()).outcome();
    if (outcome instanceof Failed(FailureKind kind, String detail)) {
      tell(request, kind, detail);
    }
    return outcome;
  }

  /** For the operator: tenants are told less. */
  private static void tell(OutboundRequest request, FailureKind kind, String detail) {
    if (kind == FailureKind.BLOCKED) {
      log.warn("outbound request blocked: {}: {}", request, detail);
    } else {
      log.info("outbound request failed: {}: {}: {}", request, kind, detail);
    }
  }

  /** Resolves nothing any more; requests that run are not ended. */
  @Override
  public void close() {
    system.close();
  }
}
