package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A URL that has passed {@link UrlRules}, taken apart. There is no other way to one, so whoever
 * holds a target need not check it again. Its text leaves out what may be secret: path and query.
 */
public final class Target {

  private final boolean secure;
  private final String host;
  private final int port;
  private final String path;
  private final @Nullable InetAddress literal;
  private final boolean listed;

  Target(
      boolean secure,
      String host,
      int port,
      String path,
      @Nullable InetAddress literal,
      boolean listed) {
    this.secure = secure;
    this.host = host;
    this.port = port;
    this.path = path;
    this.literal = literal;
    this.listed = listed;
  }

  /** Whether it is called by TLS. */
  public boolean secure() {
    return secure;
  }

  /** In lower case, without a dot at the end; an IPv6 address without brackets. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** Path and query, encoded for a request line. */
  public String path() {
    return path;
  }

  /** The address, if the host is one. */
  public Optional<InetAddress> literal() {
    return Optional.ofNullable(literal);
  }

  /** Whether the allow-list names the host. */
  public boolean listed() {
    return listed;
  }

  /** The value of the header {@code Host}. */
  public String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == (secure ? 443 : 80) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}
