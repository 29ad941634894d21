package dev.coatcheck.outbound.rules;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The IPv4 addresses that a packet to an IPv6 address may end up at. Mapped addresses ({@code
 * ::ffff:0:0/96}) need no look here: {@link InetAddress} is never one of them, it turns them into
 * IPv4.
 */
final class EmbeddedIpv4 {

  private static final Cidr COMPATIBLE = Cidr.of("::/96");
  private static final Cidr NAT64 = Cidr.of("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.of("2002::/16");
  private static final Cidr TEREDO = Cidr.of("2001::/32");

  private EmbeddedIpv4() {}

  static List<InetAddress> of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return List.of();
    }
    if (COMPATIBLE.contains(address) || NAT64.contains(address)) {
      return List.of(at(bytes, 12, 0));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return List.of(at(bytes, 2, 0));
    }
    if (TEREDO.contains(address)) {
      // RFC 4380 section 4: the server in the open, the client with its bits turned.
      return List.of(at(bytes, 4, 0), at(bytes, 12, 0xFF));
    }
    return List.of();
  }

  private static InetAddress at(byte[] bytes, int offset, int turned) {
    byte[] four = new byte[4];
    for (int i = 0; i < four.length; i++) {
      four[i] = (byte) (bytes[offset + i] ^ turned);
    }
    try {
      return InetAddress.getByAddress(four);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
