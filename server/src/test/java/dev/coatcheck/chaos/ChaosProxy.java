package dev.coatcheck.chaos;

import dev.coatcheck.chaos.Weather.Fate;
import dev.coatcheck.chaos.Weather.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A TCP proxy on the loopback that treats connections badly. The same seed gives the n-th
 * connection the same fate.
 */
final class ChaosProxy implements AutoCloseable {

  private static final int CONNECT_MS = 2_000;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final RandomGenerator random;
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final Map<Fault, Integer> suffered = new EnumMap<>(Fault.class);
  private volatile Weather weather;

  private ChaosProxy(ServerSocket listener, int target, long seed, Weather weather) {
    this.listener = listener;
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), target);
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.weather = weather;
  }

  /** Stands in front of a port of this machine. */
  static ChaosProxy before(int target, long seed, Weather weather) {
    try {
      ServerSocket listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
      ChaosProxy proxy = new ChaosProxy(listener, target, seed, weather);
      Thread.ofVirtual().name("chaos-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on; connections that are open keep their fate. */
  void weather(Weather now) {
    weather = now;
  }

  /** How many connections were given which fault. */
  synchronized Map<Fault, Integer> suffered() {
    return new EnumMap<>(suffered);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Fate fate = draw();
        Thread.startVirtualThread(() -> serve(client, fate));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private synchronized Fate draw() {
    Fate fate = weather.fate(random);
    if (fate.fault() != null) {
      suffered.merge(fate.fault(), 1, Integer::sum);
    }
    return fate;
  }

  private void serve(Socket client, Fate fate) {
    open.add(client);
    try (client) {
      if (fate.is(Fault.HALF_OPEN)) {
        hold(client);
        return;
      }
      Socket server = new Socket();
      open.add(server);
      server.connect(target, CONNECT_MS);
      try (Link link = new Link(client, server, fate)) {
        link.carry();
      } finally {
        open.remove(server);
      }
    } catch (IOException gone) {
      // The server is down, or the client left: the client's socket is closed, which says it all.
      return;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  /** Takes whatever comes and answers nothing, until the client gives up. */
  private static void hold(Socket client) throws IOException {
    byte[] ignored = new byte[1024];
    int read = 0;
    while (read >= 0) {
      read = client.getInputStream().read(ignored);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
