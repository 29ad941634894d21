package dev.coatcheck.server.config;

import dev.coatcheck.outbound.rules.AllowList;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.store.base.Weights;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds everything that is wrong with the values. */
final class ConfigCheck {

  private static final Duration LEASE_MIN = Duration.ofSeconds(1);
  private static final Duration LEASE_MAX = Duration.ofMinutes(10);

  private static final Duration LINK_TTL_MIN = Duration.ofSeconds(1);
  private static final Duration LINK_TTL_MAX = Duration.ofHours(1);

  private final ServerConfig config;
  private final List<String> problems;

  ConfigCheck(ServerConfig config, List<String> problems) {
    this.config = config;
    this.problems = problems;
  }

  void check() {
    int before = problems.size();
    for (ConfigKey key : ConfigKey.values()) {
      String text = config.text(key);
      if (!text.isEmpty() || !key.fallback().isEmpty()) {
        checkValue(key, text).ifPresent(wrong -> add(key, wrong));
      }
    }
    if (problems.size() == before && !config.loopback() && config.adminKey().isEmpty()) {
      problems.add(
          "server.host is "
              + config.host()
              + ", which others can reach, but there is no key: set COATCHECK_ADMIN_KEY ("
              + AdminKey.LENGTH_MIN
              + " characters or more) or listen on 127.0.0.1");
    }
  }

  private void add(ConfigKey key, String wrong) {
    problems.add(key.key() + " (" + config.origin(key) + "): " + wrong);
  }

  private static Optional<String> checkValue(ConfigKey key, String text) {
    return switch (key.type()) {
      case TEXT -> text.isBlank() ? Optional.of("must not be empty") : Optional.empty();
      case PORT ->
          text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535
              ? Optional.empty()
              : Optional.of("must be a port, 0 to 65535");
      case URL -> checkUrl(text);
      case DURATION ->
          Durations.parse(text).isPresent()
              ? Optional.empty()
              : Optional.of("must be " + Durations.FORM);
      case LEASE -> checkBetween(text, LEASE_MIN, LEASE_MAX, "1s to 10m");
      case LINK_TTL -> checkBetween(text, LINK_TTL_MIN, LINK_TTL_MAX, "1s to 1h");
      case BYTES ->
          text.matches("\\d{1,9}") && Integer.parseInt(text) >= 1_024
              ? Optional.empty()
              : Optional.of("must be a number of bytes, 1024 to 999999999");
      case FLAG ->
          text.equals("true") || text.equals("false")
              ? Optional.empty()
              : Optional.of("must be true or false");
      case WEIGHTS -> checkList(() -> Weights.parse(text));
      case ALLOW_LIST -> checkList(() -> AllowList.parse(text, false));
      case HOST_LIST -> checkList(() -> HostList.parse(key.key(), text));
      case SECRET ->
          text.length() >= AdminKey.LENGTH_MIN
              ? Optional.empty()
              : Optional.of("must have " + AdminKey.LENGTH_MIN + " characters or more");
    };
  }

  private static Optional<String> checkList(Supplier<?> list) {
    try {
      var _ = list.get();
      return Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.of(String.valueOf(malformed.getMessage()));
    }
  }

  private static Optional<String> checkBetween(
      String text, Duration min, Duration max, String range) {
    return Durations.parse(text)
            .filter(time -> time.compareTo(min) >= 0 && time.compareTo(max) <= 0)
            .isPresent()
        ? Optional.empty()
        : Optional.of("must be a duration from " + range);
  }

  private static Optional<String> checkUrl(String text) {
    try {
      URI uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return Optional.empty();
      }
    } catch (IllegalArgumentException malformed) {
      // Told below.
    }
    return Optional.of("must be an http or https URL without a query");
  }
}
