package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Hosts as an operator writes them: {@code api.example.com}, {@code *.example.com} (every name
 * below it), {@code *} (any), {@code 10.1.2.3}, {@code [fd00::1]}, each with or without {@code
 * :port}.
 *
 * @param host in the form of {@link Target#host}; without the {@code *} if any is before it
 * @param port 0 for any
 */
record HostPattern(Kind kind, String host, int port) {

  enum Kind {
    ANY,
    BELOW,
    EXACT
  }

  private static final Pattern NAME =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
  private static final int NAME_MAX = 253;

  /**
   * Reads one pattern.
   *
   * @throws IllegalArgumentException if it has another form
   */
  static HostPattern parse(String text) {
    String entry = text.toLowerCase(Locale.ROOT);
    int colon = entry.lastIndexOf(':');
    boolean bracketed = entry.startsWith("[");
    boolean bare = !bracketed && entry.indexOf(':') != colon;
    boolean hasPort = colon >= 0 && !bare && !(bracketed && entry.endsWith("]"));
    String host = hasPort ? entry.substring(0, colon) : entry;
    int port = hasPort ? port(entry.substring(colon + 1), text) : 0;
    if (host.equals("*")) {
      return new HostPattern(Kind.ANY, "", port);
    }
    Optional<InetAddress> literal = bare ? Literals.parse(host) : Literals.parseHost(host);
    if (literal.isPresent()) {
      return new HostPattern(Kind.EXACT, literal.get().getHostAddress(), port);
    }
    boolean below = host.startsWith("*.");
    String name = below ? host.substring(2) : host;
    if (!NAME.matcher(name).matches() || name.length() > NAME_MAX || UrlRules.numeric(name)) {
      throw new IllegalArgumentException(text + " is no host");
    }
    return new HostPattern(below ? Kind.BELOW : Kind.EXACT, name, port);
  }

  private static int port(String digits, String text) {
    int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(text + " has no port from 1 to 65535");
    }
    return port;
  }

  boolean matches(String given, int givenPort) {
    return (port == 0 || port == givenPort)
        && switch (kind) {
          case ANY -> true;
          case BELOW -> given.endsWith("." + host);
          case EXACT -> given.equals(host);
        };
  }

  /** The address, if the pattern is one. */
  Optional<InetAddress> address() {
    return kind == Kind.EXACT ? Literals.parse(host) : Optional.empty();
  }
}
