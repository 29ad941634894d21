package dev.coatcheck.chaos;

import dev.coatcheck.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;

/** Servers on one database; whichever ends is started again at once, as by a supervisor. */
final class Fleet implements AutoCloseable {

  private final Path folder;
  private final Map<String, String> environment;
  private final AtomicReferenceArray<ServerProcess> servers;

  /** Where each could be reached last. */
  private final AtomicReferenceArray<String> urls;

  private volatile boolean closed;

  Fleet(Path folder, String store, Duration lease, int size) {
    this.folder = folder;
    environment =
        Map.of("COATCHECK_STORE_URL", store, "COATCHECK_LEASE_DURATION", lease.toSeconds() + "s");
    servers = new AtomicReferenceArray<>(size);
    urls = new AtomicReferenceArray<>(size);
  }

  /** Starts all; returns when each is ready. */
  void start() throws IOException {
    for (int i = 0; i < servers.length(); i++) {
      begin(i);
      ready(i);
    }
    for (int i = 0; i < servers.length(); i++) {
      int number = i;
      Thread.ofVirtual().start(() -> supervise(number));
    }
  }

  private void begin(int number) throws IOException {
    Path data = Files.createDirectories(folder.resolve("node" + number));
    servers.set(
        number, ServerProcess.begin(new ServerProcess.Plan(data, 0, environment, List.of())));
    if (closed) {
      servers.get(number).close();
    }
  }

  private void ready(int number) throws IOException {
    servers.get(number).awaitReady();
    urls.set(number, servers.get(number).url());
  }

  private void supervise(int number) {
    try {
      while (true) {
        servers.get(number).awaitEnd();
        if (closed) {
          return;
        }
        try {
          begin(number);
          ready(number);
        } catch (IOException ended) {
          // It was killed while it started, or there was no database.
          TimeUnit.MILLISECONDS.sleep(100);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where one of them is, or was until it was killed. */
  String url(int number) {
    return urls.get(which(number));
  }

  /** Which of them has this number, if they are counted round and round. */
  int which(int number) {
    return number % urls.length();
  }

  /** The processes that they are at present. */
  List<Long> processes() {
    List<Long> processes = new ArrayList<>();
    for (int i = 0; i < servers.length(); i++) {
      processes.add(servers.get(i).pid());
    }
    return processes;
  }

  /**
   * Kills any one beside which another serves, rather one that serves than one that starts; waits
   * for that if there is none.
   *
   * @return whether the one that was killed served
   */
  boolean killOne(RandomGenerator dice) throws InterruptedException {
    while (true) {
      int first = dice.nextInt(servers.length());
      for (boolean served : new boolean[] {true, false}) {
        for (int i = 0; i < servers.length(); i++) {
          int number = (first + i) % servers.length();
          ServerProcess server = servers.get(number);
          if (server.alive() && server.serves() == served && anotherServes(number)) {
            server.kill();
            return served;
          }
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private boolean anotherServes(int than) {
    for (int i = 0; i < servers.length(); i++) {
      if (i != than && servers.get(i).serves()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < servers.length(); i++) {
      ServerProcess server = servers.get(i);
      if (server != null) {
        server.close();
      }
    }
  }
}
