package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Which addresses are this machine's own. */
@FunctionalInterface
public interface Interfaces {

  /** Whether a connection to the address ends on this machine. */
  boolean own(InetAddress address);

  /** The network interfaces as they are at each question. */
  static Interfaces ofThisMachine() {
    return address -> {
      if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
        return true;
      }
      try {
        return NetworkInterface.getByInetAddress(address) != null;
      } catch (SocketException unknown) {
        return true;
      }
    };
  }
}
