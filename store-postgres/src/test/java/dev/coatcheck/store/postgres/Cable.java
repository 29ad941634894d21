package dev.coatcheck.store.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The way to a database that can be cut without either end hearing of it. */
final class Cable implements AutoCloseable {

  private static final Pattern PLACE = Pattern.compile("([^@/:]+)(?::(\\d+))?/");

  private final String target;
  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();

  /** How often it was cut: what was connected before is dead for ever. */
  private final AtomicInteger cuts = new AtomicInteger();

  private volatile boolean whole = true;

  /** Is told of each statement that goes through. */
  private volatile Consumer<String> heard = statement -> {};

  private Cable(String target, InetSocketAddress server, ServerSocket listener) {
    this.target = target;
    this.server = server;
    this.listener = listener;
  }

  static Cable to(String url) throws IOException {
    Matcher place = PLACE.matcher(url.substring(url.indexOf("//") + 2));
    if (!place.find()) {
      throw new IllegalArgumentException(url);
    }
    int port = place.group(2) == null ? 5432 : Integer.parseInt(place.group(2));
    Cable cable =
        new Cable(
            url,
            new InetSocketAddress(place.group(1), port),
            new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().start(cable::accept);
    return cable;
  }

  /** The same database, through the cable. */
  String url() {
    return target.replaceFirst(
        "(?<user>//(?:[^@/]*@)?)[^@/]+/", "${user}127.0.0.1:" + listener.getLocalPort() + "/");
  }

  /** Tells of each statement that begins from now on. */
  void listen(Consumer<String> each) {
    heard = each;
  }

  /** What is under way vanishes, and who connects meanwhile hears nothing. */
  void cut() {
    whole = false;
    cuts.incrementAndGet();
  }

  /** Who connects from now on gets through. */
  void mend() {
    whole = true;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        ends.add(client);
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    int cutsBefore = cuts.get();
    boolean connected = whole;
    try (Socket far = new Socket()) {
      if (connected) {
        far.connect(server);
        ends.add(far);
        Thread.startVirtualThread(() -> carry(far, client, cutsBefore, null));
      }
      carry(client, connected ? far : null, cutsBefore, new Tally(any -> heard.accept(any)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void carry(Socket from, @Nullable Socket to, int cutsBefore, @Nullable Tally tally) {
    byte[] piece = new byte[8 * 1024];
    try (from;
        InputStream in = from.getInputStream()) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (tally != null) {
          tally.read(piece, read);
        }
        if (to != null && cuts.get() == cutsBefore) {
          OutputStream out = to.getOutputStream();
          out.write(piece, 0, read);
          out.flush();
        }
      }
      if (to != null && cuts.get() == cutsBefore) {
        to.close();
      }
    } catch (IOException ended) {
      close(to);
    }
  }

  private static void close(@Nullable Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    ends.forEach(Cable::close);
  }
}
