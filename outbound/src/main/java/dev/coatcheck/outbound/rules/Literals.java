package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses as text, in the one form of each that all parsers agree on. {@code 127.1}, {@code
 * 0177.0.0.1} and {@code 2130706433} are addresses to some and names to others, so to us they are
 * nothing.
 */
final class Literals {

  private static final Pattern QUAD =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Literals() {}

  /** Reads a canonical dotted quad, or an IPv6 address without brackets and zone. */
  static Optional<InetAddress> parse(String text) {
    if (!QUAD.matcher(text).matches() && !COLONS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** As {@link #parse}, and IPv6 must stand in brackets, as in a URL. */
  static Optional<InetAddress> parseHost(String host) {
    if (host.startsWith("[") && host.endsWith("]")) {
      return parse(host.substring(1, host.length() - 1)).filter(any -> host.contains(":"));
    }
    return host.contains(":") ? Optional.empty() : parse(host);
  }
}
