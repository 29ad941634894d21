package dev.coatcheck.outbound.rules;

import java.net.URI;
import java.util.Locale;

/** A host by name, in lower case without a dot at the end, and a port. */
public record HostPort(String host, int port) {

  /** The host and port of a URL of the schemes http and https. */
  public static HostPort of(URI url) {
    int port = url.getPort() > 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
    return new HostPort(plain(String.valueOf(url.getHost())), port);
  }

  /** The host in the form in which it is compared. */
  static String plain(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
