package dev.coatcheck.runners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on, and loses answers that grant a lease when it is told to. */
final class Relay implements AutoCloseable {

  private final ServerSocket door;
  private final int target;
  private final AtomicInteger toLose = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();

  private Relay(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
    Thread.startVirtualThread(this::accept);
  }

  /** Stands before the server at a URL. */
  static Relay before(String url) throws IOException {
    int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    return new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
  }

  String url() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  /** The next answer with a lease in it does not arrive. */
  void loseNextGrant() {
    toLose.incrementAndGet();
  }

  int lost() {
    return lost.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket here = door.accept();
        Thread.startVirtualThread(() -> connect(here));
      }
    } catch (IOException closed) {
      // The relay is no longer needed.
    }
  }

  private void connect(Socket here) {
    try (here;
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
      Thread requests = Thread.startVirtualThread(() -> pass(here, there));
      answers(there, here);
      requests.interrupt();
    } catch (IOException gone) {
      // Either side went away; closing tells the other.
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException gone) {
      // The other direction closes both.
    }
  }

  private void answers(Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    byte[] buffer = new byte[64 * 1024];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
      boolean grant = text.contains("\"lease_duration_ms\"") && text.contains("\"lease_token\"");
      if (grant && toLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        lost.incrementAndGet();
        return;
      }
      out.write(buffer, 0, read);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
