package dev.coatcheck.server.edge;

import dev.coatcheck.server.config.AdminKey;
import dev.coatcheck.server.secret.SecretKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of browsers whose user has shown the key: a signed time in a cookie, nothing kept here.
 * Another key ends all of them.
 */
public final class Sessions {

  static final String COOKIE = "coatcheck_session";
  private static final Duration LIFE = Duration.ofHours(12);

  private final AdminKey key;
  private final SecretKey.Signer signer;
  private final InstantSource clock;
  private final boolean secure;

  /**
   * Sessions under a key.
   *
   * @param secure whether browsers come by TLS only
   */
  Sessions(AdminKey key, SecretKey secret, InstantSource clock, boolean secure) {
    this.key = key;
    this.signer = secret.signer("session");
    this.clock = clock;
    this.secure = secure;
  }

  /** The {@code Set-Cookie} of a new session, if the key is right; null if not. */
  public @Nullable String begin(String given) {
    if (!key.matches(given)) {
      return null;
    }
    long until = clock.instant().plus(LIFE).getEpochSecond();
    return cookie(until + "." + signature(until), LIFE);
  }

  /** The {@code Set-Cookie} that ends a session. */
  public String end() {
    return cookie("", Duration.ZERO);
  }

  private String cookie(String value, Duration life) {
    return COOKIE
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + life.toSeconds()
        + (secure ? "; Secure" : "");
  }

  /** Whether one of the {@code Cookie} headers has a session that still lasts. */
  boolean holds(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Arrays.stream(header.split(";", -1)))
        .map(String::trim)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .anyMatch(pair -> lasts(pair.substring(COOKIE.length() + 1)));
  }

  private boolean lasts(String value) {
    int dot = value.indexOf('.');
    if (dot < 1 || !value.substring(0, dot).matches("\\d{1,12}")) {
      return false;
    }
    long until = Long.parseLong(value.substring(0, dot));
    byte[] expected = signature(until).getBytes(StandardCharsets.UTF_8);
    byte[] given = value.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(expected, given)
        && clock.instant().isBefore(Instant.ofEpochSecond(until));
  }

  private String signature(long until) {
    byte[] signature = signer.sign(until + "\n" + key.fingerprint());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }
}
