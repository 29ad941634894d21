package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URL must look like before anything is resolved: https on port 443 to a name of the public
 * Internet, nothing that two parsers could read in two ways. The {@link AllowList} opens more.
 */
public final class UrlRules {

  public static final int LENGTH_MAX = 2_048;

  private static final int PORT = 443;
  private static final Pattern NUMERIC =
      Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)\\.?");
  private static final List<String> SPECIAL =
      List.of("localhost", "local", "internal", "home.arpa", "onion");

  private final AllowList allow;
  private final AddressRules addresses;
  private final Set<HostPort> forbidden;

  /**
   * Sets the rules.
   *
   * @param forbidden names of this server, which are never called
   */
  public UrlRules(AllowList allow, AddressRules addresses, Set<HostPort> forbidden) {
    this.allow = allow;
    this.addresses = addresses;
    this.forbidden = Set.copyOf(forbidden);
  }

  /** Whether a host is an address to at least some parsers, by its last label (WHATWG URL, 3.5). */
  static boolean numeric(String host) {
    return NUMERIC.matcher(host).matches();
  }

  /**
   * Checks a URL.
   *
   * @param hosts the only ones that count; an entry with a port opens that port
   */
  public UrlVerdict check(String url, HostList hosts) {
    if (url.length() > LENGTH_MAX) {
      return refused("The URL is longer than " + LENGTH_MAX + " characters.");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException malformed) {
      return refused("The URL is malformed.");
    }
    Optional<String> wrong = form(uri);
    return wrong.isPresent() ? refused(wrong.get()) : checkHost(uri, hosts);
  }

  private static Optional<String> form(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String authority = uri.getRawAuthority();
    if (!scheme.equals("https") && !scheme.equals("http")) {
      return Optional.of("The URL must start with https://.");
    }
    if (authority == null) {
      return Optional.of("The URL has no host.");
    }
    if (authority.contains("@")) {
      return Optional.of("The URL must not have a user name or password in it.");
    }
    if (uri.getRawFragment() != null) {
      return Optional.of("The URL must not have a fragment (#).");
    }
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(authority)) {
      return Optional.of("The host must be written in ASCII; an international name as xn--….");
    }
    return uri.getHost() == null ? Optional.of(badHost(authority)) : Optional.empty();
  }

  private static String badHost(String authority) {
    return numeric(authority.replaceFirst(":\\d*$", ""))
        ? "The host is neither a name nor an address in its usual form."
        : "The URL has no valid host.";
  }

  private UrlVerdict checkHost(URI uri, HostList hosts) {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() == -1 ? (secure ? PORT : 80) : uri.getPort();
    if (port < 1 || port > 65_535) {
      return refused("The port must be from 1 to 65535.");
    }
    String plain = HostPort.plain(uri.getHost());
    InetAddress literal = Literals.parseHost(plain).orElse(null);
    if (literal == null && (plain.startsWith("[") || numeric(plain))) {
      return refused("The host is neither a name nor an address in its usual form.");
    }
    String host = literal == null ? plain : literal.getHostAddress();
    boolean listed =
        literal == null ? allow.namesHost(host, port) : allow.namesAddress(literal, port);
    Target target = new Target(secure, host, port, path(uri), literal, listed);
    return wrongWith(target, literal, hosts)
        .<UrlVerdict>map(UrlVerdict.Refused::new)
        .orElseGet(() -> new UrlVerdict.Allowed(target));
  }

  private Optional<String> wrongWith(Target target, @Nullable InetAddress literal, HostList hosts) {
    String host = target.host();
    int port = target.port();
    if (hosts.isEmpty()) {
      return Optional.of("No host is allowed: the operator names hosts in " + hosts.key() + ".");
    }
    if (forbidden.contains(new HostPort(host, port))) {
      return Optional.of("The URL leads to this server itself.");
    }
    if (!hosts.names(host, port)) {
      return Optional.of(
          host + ":" + port + " is not allowed: the operator names hosts in " + hosts.key() + ".");
    }
    if (!target.listed()) {
      return wrongUnlessListed(target, literal, hosts);
    }
    // Only of listed addresses is told what they are: of others that would tell where we are.
    return Optional.ofNullable(literal)
        .flatMap(address -> addresses.blocks(address, port, true))
        .map(what -> "The address is not allowed: it is " + what + ".");
  }

  private static Optional<String> wrongUnlessListed(
      Target target, @Nullable InetAddress literal, HostList hosts) {
    if (literal != null) {
      return Optional.of("An address as host is not allowed; use a name.");
    }
    if (special(target.host())) {
      return Optional.of("The host is not a name of the public Internet.");
    }
    if (!target.secure()) {
      return Optional.of("The URL must start with https://.");
    }
    return target.port() == PORT || hosts.namesPort(target.host(), target.port())
        ? Optional.empty()
        : Optional.of("The port must be 443.");
  }

  private static boolean special(String host) {
    return !host.contains(".")
        || SPECIAL.stream().anyMatch(name -> host.equals(name) || host.endsWith("." + name));
  }

  /** What follows the authority, which has no character that needs encoding. */
  private static String path(URI uri) {
    String encoded = uri.toASCIIString();
    int start = encoded.indexOf("//") + 2 + uri.getRawAuthority().length();
    String path = encoded.substring(start);
    return path.startsWith("/") ? path : "/" + path;
  }

  private static UrlVerdict refused(String reason) {
    return new UrlVerdict.Refused(reason);
  }
}
