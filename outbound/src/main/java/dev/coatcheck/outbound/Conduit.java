package dev.coatcheck.outbound;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one connection of an exchange, which anybody may cut at any time. */
final class Conduit {

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Socket socket;
  private boolean cut;

  /** Connects, past any proxy that the environment names. */
  Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
    Socket fresh = replace(new Socket(Proxy.NO_PROXY));
    fresh.setTcpNoDelay(true);
    fresh.connect(address, Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE));
    return fresh;
  }

  private Socket replace(Socket fresh) throws IOException {
    lock.lock();
    try {
      if (socket != null) {
        socket.close();
      }
      if (cut) {
        throw new SocketException("cut");
      }
      socket = fresh;
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  /** Closes the connection under whoever reads or writes, and allows no other. */
  void cut() {
    lock.lock();
    try {
      cut = true;
      if (socket != null) {
        // The plain socket: closing TLS would wait for a peer that does not read.
        socket.close();
      }
    } catch (IOException gone) {
      // It is closed all the same.
    } finally {
      lock.unlock();
    }
  }
}
