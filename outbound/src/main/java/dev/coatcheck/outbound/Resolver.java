package dev.coatcheck.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns names into addresses. */
@FunctionalInterface
public interface Resolver {

  /**
   * All addresses of a name, in the order in which they are to be tried.
   *
   * @throws UnknownHostException if there are none, or if it is not known
   */
  List<InetAddress> resolve(String host) throws UnknownHostException, InterruptedException;
}
