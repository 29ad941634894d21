package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an operator opens besides the public Internet. A host that is named may be called by http,
 * on any port or on the one that is given, at addresses that are not public. Link-local and
 * metadata addresses stay closed without {@link #linkLocalToo}, the server's own sockets always.
 */
public final class AllowList {

  public static final AllowList NONE = parse("", false);

  private final String text;
  private final boolean linkLocalToo;
  private final List<HostPattern> hosts = new ArrayList<>();
  private final List<Range> ranges = new ArrayList<>();

  /** Addresses with a port, 0 for any. */
  private record Range(Cidr addresses, int port) {}

  private AllowList(String text, boolean linkLocalToo) {
    this.text = text;
    this.linkLocalToo = linkLocalToo;
  }

  /**
   * Reads entries with commas between: {@code 10.0.0.0/8}, {@code 10.1.2.3:8080}, {@code
   * crm.corp.example}, {@code *.corp.example:8443}.
   *
   * @param linkLocalToo whether entries also count for link-local and metadata addresses
   * @throws IllegalArgumentException if one has another form
   */
  public static AllowList parse(String text, boolean linkLocalToo) {
    List<String> entries = HostList.entries(text);
    AllowList list = new AllowList(String.join(", ", entries), linkLocalToo);
    entries.forEach(list::add);
    return list;
  }

  private void add(String entry) {
    Optional<Cidr> range = Cidr.parse(entry);
    if (range.isPresent()) {
      ranges.add(new Range(range.get(), 0));
      return;
    }
    HostPattern pattern = HostPattern.parse(entry);
    if (pattern.kind() == HostPattern.Kind.ANY) {
      throw new IllegalArgumentException("* would open every host: name hosts or ranges");
    }
    pattern
        .address()
        .ifPresentOrElse(
            address -> ranges.add(new Range(Cidr.ofOne(address), pattern.port())),
            () -> hosts.add(pattern));
  }

  /** Whether an entry names the host, which is not an address. */
  boolean namesHost(String host, int port) {
    return hosts.stream().anyMatch(pattern -> pattern.matches(host, port));
  }

  boolean namesAddress(InetAddress address, int port) {
    return ranges.stream()
        .anyMatch(
            range -> (range.port == 0 || range.port == port) && range.addresses.contains(address));
  }

  public boolean linkLocalToo() {
    return linkLocalToo;
  }

  public boolean isEmpty() {
    return hosts.isEmpty() && ranges.isEmpty();
  }

  /** The entries, for the log. */
  @Override
  public String toString() {
    return text;
  }
}
