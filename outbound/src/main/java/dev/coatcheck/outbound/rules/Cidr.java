package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A range of addresses of one family.
 *
 * @param network its first address
 * @param prefix how many leading bits its addresses share
 */
record Cidr(InetAddress network, int prefix) {

  Cidr {
    if (prefix < 0 || prefix > network.getAddress().length * 8) {
      throw new IllegalArgumentException("the prefix length /" + prefix + " is out of range");
    }
    if (!masked(network.getAddress(), prefix)) {
      throw new IllegalArgumentException(
          network.getHostAddress() + "/" + prefix + " has bits set after its prefix");
    }
  }

  /**
   * Reads {@code 10.0.0.0/8} or {@code fd00::/8}; empty if the text has no slash.
   *
   * @throws IllegalArgumentException if it has one and is no range
   */
  static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String length = text.substring(slash + 1);
    InetAddress network =
        Literals.parse(text.substring(0, slash))
            .filter(any -> length.matches("\\d{1,3}"))
            .orElseThrow(() -> new IllegalArgumentException(text + " is no range of addresses"));
    return Optional.of(new Cidr(network, Integer.parseInt(length)));
  }

  /** A range that is known to be well formed. */
  static Cidr of(String text) {
    return parse(text).orElseThrow();
  }

  static Cidr ofOne(InetAddress address) {
    return new Cidr(address, address.getAddress().length * 8);
  }

  boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] given = address.getAddress();
    if (mine.length != given.length) {
      return false;
    }
    for (int i = 0; i < mine.length; i++) {
      if (((mine[i] ^ given[i]) & mask(i, prefix)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean masked(byte[] address, int prefix) {
    for (int i = 0; i < address.length; i++) {
      if ((address[i] & ~mask(i, prefix) & 0xFF) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The bits of the byte at this index that belong to the prefix. */
  private static int mask(int index, int prefix) {
    int bits = Math.clamp(prefix - index * 8, 0, 8);
    return 0xFF << (8 - bits) & 0xFF;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefix;
  }
}
