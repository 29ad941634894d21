package dev.coatcheck.outbound.rules;

import java.util.Arrays;
import java.util.List;

/**
 * The hosts that one kind of caller may name, narrower than what the {@link AllowList} would let
 * through.
 */
public final class HostList {

  /** Any host. */
  public static final HostList ANY = parse("", "*");

  private final String key;
  private final List<String> entries;
  private final List<HostPattern> patterns;

  private HostList(String key, List<String> entries) {
    this.key = key;
    this.entries = entries;
    this.patterns = entries.stream().map(HostPattern::parse).toList();
  }

  /**
   * Reads patterns with commas between: names, {@code *.suffix}, {@code *}, addresses, each with or
   * without a port.
   *
   * @param key where an operator changes the list, for messages
   * @throws IllegalArgumentException if one has another form
   */
  public static HostList parse(String key, String text) {
    return new HostList(key, entries(text));
  }

  static List<String> entries(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(e -> !e.isEmpty()).toList();
  }

  String key() {
    return key;
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

  /** The entries, for the log. */
  @Override
  public String toString() {
    return String.join(", ", entries);
  }
}
