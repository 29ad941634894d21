package dev.coatcheck.outbound.rules;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A range of addresses that no caller may reach: the special-purpose registries of IANA (RFC 6890),
 * and where clouds keep their metadata.
 */
record SpecialRange(Cidr range, String name, Lift lift) {

  /** What it takes to reach the range all the same. */
  enum Lift {
    /** The allow-list names it. */
    LISTED,
    /** The allow-list names it, and link-local addresses are allowed besides. */
    FLAGGED,
    /** Nothing: no server is there. */
    NEVER
  }

  private static final List<SpecialRange> TABLE =
      List.of(
          flagged("168.63.129.16/32", "cloud metadata"),
          flagged("100.100.100.200/32", "cloud metadata"),
          flagged("192.0.0.192/32", "cloud metadata"),
          flagged("fd00:ec2::254/128", "cloud metadata"),
          flagged("169.254.0.0/16", "link-local"),
          flagged("fe80::/10", "link-local"),
          never("0.0.0.0/8", "this network"),
          listed("10.0.0.0/8", "private"),
          listed("100.64.0.0/10", "carrier-grade NAT"),
          listed("127.0.0.0/8", "loopback"),
          listed("172.16.0.0/12", "private"),
          listed("192.0.0.0/24", "protocol assignments"),
          listed("192.0.2.0/24", "documentation"),
          listed("192.88.99.0/24", "6to4 relay"),
          listed("192.168.0.0/16", "private"),
          listed("198.18.0.0/15", "benchmarking"),
          listed("198.51.100.0/24", "documentation"),
          listed("203.0.113.0/24", "documentation"),
          never("224.0.0.0/4", "multicast"),
          never("240.0.0.0/4", "reserved or broadcast"),
          never("::/128", "unspecified"),
          listed("::1/128", "loopback"),
          listed("::/96", "IPv4-compatible"),
          listed("64:ff9b:1::/48", "local NAT64"),
          listed("100::/64", "discard-only"),
          listed("2001:db8::/32", "documentation"),
          listed("3fff::/20", "documentation"),
          listed("fc00::/7", "unique local"),
          listed("fec0::/10", "site-local"),
          never("ff00::/8", "multicast"));

  /** Of these, addresses are judged by the IPv4 addresses within: see {@link EmbeddedIpv4}. */
  private static final List<Cidr> TRANSLATED =
      List.of(Cidr.of("64:ff9b::/96"), Cidr.of("2001::/32"));

  private static final SpecialRange PROTOCOLS = listed("2001::/23", "protocol assignments");
  private static final Cidr GLOBAL_UNICAST = Cidr.of("2000::/3");

  /** The range an address belongs to; empty if it is one of the public Internet. */
  static Optional<SpecialRange> of(InetAddress address) {
    Optional<SpecialRange> special =
        TABLE.stream().filter(each -> each.range.contains(address)).findFirst();
    if (special.isPresent()
        || address instanceof Inet4Address
        || TRANSLATED.stream().anyMatch(range -> range.contains(address))) {
      return special;
    }
    if (PROTOCOLS.range.contains(address)) {
      return Optional.of(PROTOCOLS);
    }
    return GLOBAL_UNICAST.contains(address)
        ? Optional.empty()
        : Optional.of(new SpecialRange(Cidr.ofOne(address), "not global unicast", Lift.LISTED));
  }

  private static SpecialRange listed(String range, String name) {
    return new SpecialRange(Cidr.of(range), name, Lift.LISTED);
  }

  private static SpecialRange flagged(String range, String name) {
    return new SpecialRange(Cidr.of(range), name, Lift.FLAGGED);
  }

  private static SpecialRange never(String range, String name) {
    return new SpecialRange(Cidr.of(range), name, Lift.NEVER);
  }
}
