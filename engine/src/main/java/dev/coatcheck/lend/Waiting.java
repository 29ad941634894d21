package dev.coatcheck.lend;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runners that wait for work, first come first served. New work wakes one of them; whoever got
 * some, or goes, wakes the next, so that much work finds many runners and little work disturbs one.
 */
final class Waiting {

  private final Machine machine;
  private final Map<String, Deque<Place>> lines = new HashMap<>();

  Waiting(Machine machine) {
    this.machine = machine;
  }

  /** Lines up for the workers; close the place when done. */
  Place enter(List<String> workers) {
    Place place = new Place(workers, machine.signal());
    synchronized (lines) {
      for (String worker : workers) {
        lines.computeIfAbsent(worker, w -> new ArrayDeque<>()).addLast(place);
      }
    }
    return place;
  }

  /** There is work of this worker. */
  void wake(String worker) {
    Place first;
    synchronized (lines) {
      Deque<Place> line = lines.get(worker);
      if (line == null) {
        return;
      }
      // Woken ones go to the back, so that the next piece of work wakes another.
      first = line.removeFirst();
      line.addLast(first);
    }
    first.signal.raise();
  }

  /** All look whether they should go on. */
  void wakeAll() {
    synchronized (lines) {
      lines.values().forEach(line -> line.forEach(place -> place.signal.raise()));
    }
  }

  /** One who waits. */
  final class Place implements AutoCloseable {

    private final List<String> workers;
    private final Signal signal;

    private Place(List<String> workers, Signal signal) {
      this.workers = workers;
      this.signal = signal;
    }

    /** Returns whether it was woken. */
    boolean await(Duration atMost) throws InterruptedException {
      return signal.await(atMost);
    }

    /** Leaves, and lets others look for what this one was woken for and did not take. */
    @Override
    public void close() {
      synchronized (lines) {
        for (String worker : workers) {
          lines.computeIfPresent(
              worker,
              (w, line) -> {
                line.remove(this);
                return line.isEmpty() ? null : line;
              });
        }
      }
      workers.forEach(Waiting.this::wake);
    }
  }
}
