package dev.coatcheck.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Jobs, or keys, that were acknowledged so far. */
final class Known {

  private final List<String> names = new ArrayList<>();

  synchronized void add(String name) {
    names.add(name);
  }

  synchronized int size() {
    return names.size();
  }

  synchronized List<String> all() {
    return List.copyOf(names);
  }

  /** One of the last few; empty if there is none. */
  synchronized String recent(RandomGenerator random, int last) {
    int from = Math.max(0, names.size() - last);
    return names.isEmpty() ? "" : names.get(from + random.nextInt(names.size() - from));
  }
}
