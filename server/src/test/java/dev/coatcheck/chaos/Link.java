package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Weather.Fate;
import dev.coatcheck.chaos.Weather.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** One connection through the proxy and what becomes of it. */
final class Link implements AutoCloseable {

  private static final int PIECE = 8 * 1024;
  private static final int LATE_MAX_MS = 60;
  private static final int SLOW_BYTES = 64;
  private static final int SLOW_MS = 4;

  private final Socket client;
  private final Socket server;
  private final Fate fate;
  private final RandomGenerator random;

  /** Turns to the server since the link came up; a reply answers the last. */
  private final AtomicInteger requests = new AtomicInteger();

  private volatile boolean asked;

  Link(Socket client, Socket server, Fate fate) throws IOException {
    this.client = client;
    this.server = server;
    this.fate = fate;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(fate.seed());
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  /** Carries bytes until one end is gone. */
  void carry() throws InterruptedException {
    Thread up = Thread.startVirtualThread(this::up);
    down();
    up.join();
    close();
  }

  private void up() {
    long carried = 0;
    byte[] piece = new byte[PIECE];
    try {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (!asked) {
          asked = true;
          requests.incrementAndGet();
        }
        if (fate.is(Fault.RESET_REQUEST) && carried + read > fate.bytes()) {
          out.write(piece, 0, (int) Math.max(0, fate.bytes() - carried));
          reset();
          return;
        }
        if (!(fate.is(Fault.DEAF_SERVER) && carried + read > fate.bytes())) {
          pass(piece, read, out);
        }
        carried += read;
      }
      server.shutdownOutput();
    } catch (IOException gone) {
      close();
    }
  }

  private void down() {
    long carried = 0;
    byte[] piece = new byte[PIECE];
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        asked = false;
        if (fate.is(Fault.REPLY_LOST) && requests.get() > fate.replies()) {
          reset();
          return;
        }
        if (fate.is(Fault.RESET_REPLY) && carried + read > fate.bytes()) {
          out.write(piece, 0, (int) Math.max(0, fate.bytes() - carried));
          reset();
          return;
        }
        if (!(fate.is(Fault.DEAF_CLIENT) && carried + read > fate.bytes())) {
          pass(piece, read, out);
        }
        carried += read;
      }
      client.shutdownOutput();
    } catch (IOException gone) {
      close();
    }
  }

  private void pass(byte[] piece, int length, OutputStream out) throws IOException {
    int most =
        switch (fate.fault()) {
          case SPLIT -> 3;
          case SLOW -> SLOW_BYTES;
          case null, default -> length;
        };
    for (int at = 0; at < length; at += most) {
      if (fate.is(Fault.LATE)) {
        pause(random.nextInt(LATE_MAX_MS));
      } else if (fate.is(Fault.SLOW)) {
        pause(SLOW_MS);
      }
      out.write(piece, at, Math.min(most, length - at));
      out.flush();
    }
  }

  private static void pause(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  /** Ends both sides with a reset, not with a goodbye. */
  private void reset() throws IOException {
    client.setSoLinger(true, 0);
    close();
  }

  @Override
  public void close() {
    for (Socket socket : List.of(client, server)) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
