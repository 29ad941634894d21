package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to: those of the public Internet that are not this machine's
 * own, and those that the allow-list names. An IPv6 address that leads to an IPv4 address must pass
 * as both.
 */
public final class AddressRules {

  private final AllowList allow;
  private final ForbiddenSockets forbidden;
  private final Interfaces interfaces;

  public AddressRules(AllowList allow, ForbiddenSockets forbidden, Interfaces interfaces) {
    this.allow = allow;
    this.forbidden = forbidden;
    this.interfaces = interfaces;
  }

  /**
   * Why a connection must not be made; empty if it may.
   *
   * @param hostListed whether the allow-list names the host that led to the address
   */
  public Optional<String> blocks(InetAddress address, int port, boolean hostListed) {
    boolean listed = hostListed || allow.namesAddress(address, port);
    List<InetAddress> all =
        Stream.concat(Stream.of(address), EmbeddedIpv4.of(address).stream()).toList();
    return all.stream().flatMap(each -> blocksOne(each, port, listed).stream()).findFirst();
  }

  /** As {@link #blocks} for all answers of a name: one that is blocked blocks all. */
  public Optional<String> blocksAny(List<InetAddress> addresses, int port, boolean hostListed) {
    return addresses.stream()
        .flatMap(each ->
            blocks(each, port, hostListed)
                .map(why -> each.getHostAddress() + " is " + why)
                .stream())
        .findFirst();
  }

  private Optional<String> blocksOne(InetAddress address, int port, boolean listed) {
    if (forbidden.forbids(address, port)) {
      return Optional.of("a socket of the server itself");
    }
    Optional<SpecialRange> special = SpecialRange.of(address);
    if (special.isPresent()) {
      return special.filter(range -> !lifted(range, listed)).map(SpecialRange::name);
    }
    return interfaces.own(address) && !listed
        ? Optional.of("an address of this machine")
        : Optional.empty();
  }

  private boolean lifted(SpecialRange range, boolean listed) {
    return switch (range.lift()) {
      case LISTED -> listed;
      case FLAGGED -> listed && allow.linkLocalToo();
      case NEVER -> false;
    };
  }
}
