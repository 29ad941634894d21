package dev.coatcheck.outbound.rules;

import java.net.InetAddress;

/** Addresses with ports that are never called, whatever the allow-list says. */
@FunctionalInterface
public interface ForbiddenSockets {

  ForbiddenSockets NONE = (address, port) -> false;

  boolean forbids(InetAddress address, int port);

  default ForbiddenSockets or(ForbiddenSockets other) {
    return (address, port) -> forbids(address, port) || other.forbids(address, port);
  }
}
