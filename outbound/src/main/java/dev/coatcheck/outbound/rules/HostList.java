package dev.coatcheck.outbound.rules;

import java.util.Arrays;
import java.util.List;

/**
 * The hosts that one kind of caller may name, narrower than what the {@link AllowList} would let
 * through.
 *
 * @param key where an operator changes it, for messages
 */
public record HostList(String key, List<HostPattern> patterns) {

  /** Any host. */
  public static final HostList ANY = parse("", "*");

  /**
   * Reads patterns with commas between: names, {@code *.suffix}, {@code *}, addresses, each with or
   * without a port.
   *
   * @throws IllegalArgumentException if one has another form
   */
  public static HostList parse(String key, String text) {
    return new HostList(key, entries(text).stream().map(HostPattern::parse).toList());
  }

  static List<String> entries(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(e -> !e.isEmpty()).toList();
  }

  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  boolean names(String host, int port) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(host, port));
  }

  /** Whether an entry names the host with just this port. */
  boolean namesPort(String host, int port) {
    return patterns.stream().anyMatch(each -> each.port() != 0 && each.matches(host, port));
  }
}
