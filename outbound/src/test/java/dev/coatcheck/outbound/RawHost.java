package dev.coatcheck.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A host on 127.0.0.1 that does to each connection just what a test says. */
final class RawHost implements AutoCloseable {

  private final ServerSocket listener;
  private final Manner manner;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final CountDownLatch broken = new CountDownLatch(1);
  private final CountDownLatch called = new CountDownLatch(1);

  /** What a host does after it has read the head of a request. */
  interface Manner {
    void answer(OutputStream out) throws IOException, InterruptedException;
  }

  /** How many bytes it reads before it answers; 0 for the head of a request. */
  private final int reads;

  private RawHost(int reads, Manner manner) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    this.reads = reads;
    this.manner = manner;
    Thread.startVirtualThread(this::listen);
  }

  static RawHost with(Manner manner) throws IOException {
    return new RawHost(0, manner);
  }

  /** A host that answers after so many bytes. */
  static RawHost after(int bytes, Manner manner) throws IOException {
    return new RawHost(bytes, manner);
  }

  /** A host that says this and hangs up. */
  static RawHost saying(String answer) throws IOException {
    return with(out -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.startVirtualThread(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      heads.add(head(socket.getInputStream()));
      called.countDown();
      manner.answer(socket.getOutputStream());
    } catch (IOException | InterruptedException gone) {
      broken.countDown();
    }
  }

  private String head(InputStream in) throws IOException {
    if (reads > 0) {
      return new String(in.readNBytes(reads), StandardCharsets.ISO_8859_1);
    }
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The heads of the requests so far. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  /** Waits until a request is there. */
  boolean called() throws InterruptedException {
    return called.await(10, TimeUnit.SECONDS);
  }

  /** Waits until the host has found its caller gone. */
  boolean brokenWithin(long millis) throws InterruptedException {
    return broken.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
