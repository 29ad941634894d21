package dev.coatcheck.cli.client;

import dev.coatcheck.cli.exit.CliException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Which server, and the API key shown to it. */
public record Target(URI base, Optional<String> key) {

  public static final String DEFAULT_URL = "http://127.0.0.1:8080";

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public static Target of(String url, Optional<String> key) {
    URI base = parse(url.strip());
    String scheme = base.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme))
        || base.getHost() == null
        || base.getPort() > 65_535) {
      throw CliException.usage(
          "Not a server address: " + url, "Expected something like " + DEFAULT_URL);
    }
    if (base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw CliException.usage(
          "A server address has no user, query or fragment.",
          "The API key comes from the environment variable COATCHECK_API_KEY.");
    }
    Optional<String> present = key.filter(k -> !k.isBlank()).map(String::strip);
    if (present.isPresent() && !present.get().chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw CliException.usage("COATCHECK_API_KEY holds characters that no API key has.");
    }
    return new Target(withoutSlash(base), present);
  }

  /** The key would cross a network in the open. */
  public boolean keyInTheOpen() {
    return key.isPresent() && "http".equals(base.getScheme()) && !LOOPBACK.contains(base.getHost());
  }

  URI resolve(String path) {
    return URI.create(base + path);
  }

  /** One segment of a path, with everything escaped that would make it more than that. */
  public static String segment(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    return encoded.replace(".", "%2E").equals(encoded) || !encoded.matches("\\.+")
        ? encoded
        : encoded.replace(".", "%2E");
  }

  @Override
  public String toString() {
    return base.toString();
  }

  private static URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw CliException.usage(
          "Not a server address: " + url, "Expected something like " + DEFAULT_URL);
    }
  }

  private static URI withoutSlash(URI base) {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }
}
