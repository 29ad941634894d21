package dev.coatcheck.store.postgres;

import dev.coatcheck.store.StoreRefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, as libpq writes it ("Connection URIs" in the PostgreSQL manual): {@code
 * postgresql://[user[:password]@]host[:port][,…]/database[?option=value…]}.
 */
record Url(String jdbc, Optional<String> user, Optional<String> password) {

  private static final Pattern FORM =
      Pattern.compile("postgres(?:ql)?://(?:([^@/:]*)(?::([^@/]*))?@)?([^/?]+)/([^?]+)(\\?.*)?");

  static Url parse(String text) {
    Matcher url = FORM.matcher(text);
    if (!url.matches()) {
      throw new StoreRefusedException(
          "a store is named postgresql://user:password@host:port/database, not "
              + text.replaceFirst("//[^@/]*@", "//***@"),
          null);
    }
    String options = url.group(5) == null ? "?" : url.group(5) + "&";
    String hosts = url.group(3);
    String target = hosts.contains(",") ? "&targetServerType=primary" : "";
    return new Url(
        "jdbc:postgresql://"
            + hosts
            + "/"
            + url.group(4)
            + options
            + "ApplicationName=coatcheck"
            + target,
        decoded(url.group(1)),
        decoded(url.group(2)));
  }

  private static Optional<String> decoded(@Nullable String text) {
    return text == null || text.isEmpty()
        ? Optional.empty()
        : Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return jdbc;
  }
}
