package dev.coatcheck.outbound.rules;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Where this process listens. Until it is known which port that is, every address of this machine
 * is taken for it.
 */
public final class OwnSockets implements ForbiddenSockets {

  private final Interfaces interfaces;
  private final Set<Integer> ports = new CopyOnWriteArraySet<>();

  public OwnSockets(Interfaces interfaces) {
    this.interfaces = interfaces;
  }

  /** Tells that the process listens, or is going to listen, on a port, on whatever address. */
  public void listen(int port) {
    ports.add(port);
  }

  @Override
  public boolean forbids(InetAddress address, int port) {
    return (ports.isEmpty() || ports.contains(port)) && interfaces.own(address);
  }
}
