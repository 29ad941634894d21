package dev.coatcheck.store.postgres;

import dev.coatcheck.store.StoreRefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, as libpq writes it ("Connection URIs" in the PostgreSQL manual): {@code
 * postgresql://[user[:password]@]host[:port][,…]/database[?option=value…]}.
 *
 * @param place hosts and database, as they may be shown
 * @param jdbc for the driver, with its options
 */
record Url(String place, String jdbc, Optional<String> user, Optional<String> password) {

  private static final Pattern FORM =
      Pattern.compile("postgres(?:ql)?://(?:([^@/:]*)(?::([^@/]*))?@)?([^/?]+)/([^?]+)(\\?.*)?");

  /** Seconds until one host is given up that cannot be reached. */
  private static final int CONNECT = 2;

  /** Seconds until one host is given up that can be reached and says nothing, or says no. */
  private static final int LOGIN = 4;

  /** Seconds for which an answer is awaited: who is dead must not keep those who wait. */
  private static final int ANSWER = 5;

  static Url parse(String text) {
    Matcher url = FORM.matcher(text);
    if (!url.matches()) {
      throw new StoreRefusedException(
          "a store is named postgresql://user:password@host:port/database, not "
              + text.replaceFirst("//[^@/]*@", "//***@"),
          null);
    }
    String place = "postgresql://" + url.group(3) + "/" + url.group(4);
    String said = url.group(5) == null ? "" : url.group(5).substring(1);
    int hosts = url.group(3).split(",").length;
    return new Url(
        place,
        "jdbc:" + place + "?" + withDefaults(said, hosts),
        decoded(url.group(1)),
        decoded(url.group(2)));
  }

  /** What the URL says counts. */
  private static String withDefaults(String said, int hosts) {
    Set<String> named =
        Stream.of(said.split("&"))
            .map(option -> option.split("=", 2)[0])
            .collect(Collectors.toSet());
    Map<String, Object> defaults = new LinkedHashMap<>();
    defaults.put("ApplicationName", "coatcheck");
    // Also with one host: the name may be that of whoever is primary.
    defaults.put("targetServerType", "primary");
    defaults.put("connectTimeout", CONNECT);
    defaults.put("sslResponseTimeout", 1_000);
    defaults.put("socketTimeout", ANSWER);
    defaults.put("loginTimeout", LOGIN * hosts);
    defaults.put("tcpKeepAlive", true);
    String more =
        defaults.entrySet().stream()
            .filter(option -> !named.contains(option.getKey()))
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining("&"));
    return said.isEmpty() ? more : said + "&" + more;
  }

  private static Optional<String> decoded(@Nullable String text) {
    return text == null || text.isEmpty()
        ? Optional.empty()
        : Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  /** Without the password, which may also be among the options. */
  @Override
  public String toString() {
    return place;
  }
}
