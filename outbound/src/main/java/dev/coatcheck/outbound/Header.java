package dev.coatcheck.outbound;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One header field of a request or an answer. */
public record Header(String name, String value) {

  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]{0,8192}");

  /** What frames the request or belongs to the connection; {@code accept-encoding} is ours too. */
  private static final Set<String> RESERVED =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Why a caller may not send the field, never with its value; empty if it may. */
  public Optional<String> wrong() {
    if (!NAME.matcher(name).matches()) {
      return Optional.of("A header has a name that is not one.");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      return Optional.of("The header " + name + " cannot be set.");
    }
    return VALUE.matcher(value).matches()
        ? Optional.empty()
        : Optional.of("The header " + name + " has a character that is not allowed, or too many.");
  }

  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** Hides the value, which may be a secret. */
  @Override
  public String toString() {
    return name + ": …";
  }
}
