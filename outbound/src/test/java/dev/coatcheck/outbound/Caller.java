package dev.coatcheck.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.outbound.rules.Target;
import dev.coatcheck.outbound.rules.UrlVerdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls URLs and keeps what came. */
final class Caller implements AutoCloseable {

  static final Limits LIMITS = Limits.of(Duration.ofSeconds(10), 64 << 10);

  final Outbound outbound;
  final ByteArrayOutputStream body = new ByteArrayOutputStream();

  Caller(OutboundSettings settings) {
    outbound = new Outbound(settings);
  }

  static Caller allowing(String allow, Resolver names) {
    return new Caller(
        OutboundSettings.defaults().withAllow(AllowList.parse(allow, false)).withResolver(names));
  }

  /** Allows 127.0.0.1 by its literal. */
  static Caller local() {
    return allowing("127.0.0.1", new Names());
  }

  Target target(String url) {
    int slash = url.indexOf('/', "https://".length());
    String authority = url.substring(url.indexOf("//") + 2, slash < 0 ? url.length() : slash);
    UrlVerdict verdict = outbound.check(url, HostList.parse("hosts", authority));
    assertThat(verdict).isInstanceOf(UrlVerdict.Allowed.class);
    return ((UrlVerdict.Allowed) verdict).target();
  }

  Outcome get(String url) throws IOException, InterruptedException {
    return get(url, LIMITS);
  }

  Outcome get(String url, Limits limits) throws IOException, InterruptedException {
    return outbound.send(OutboundRequest.get("test", target(url)), limits, body);
  }

  String text() {
    return body.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    outbound.close();
  }
}
