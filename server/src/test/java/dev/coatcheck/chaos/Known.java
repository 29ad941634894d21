package dev.coatcheck.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The jobs that were acknowledged so far. */
final class Known {

  private final List<String> jobs = new ArrayList<>();

  synchronized void add(String job) {
    jobs.add(job);
  }

  synchronized int size() {
    return jobs.size();
  }

  /** One of the last few; empty if there is none. */
  synchronized String recent(RandomGenerator random, int last) {
    int from = Math.max(0, jobs.size() - last);
    return jobs.isEmpty() ? "" : jobs.get(from + random.nextInt(jobs.size() - from));
  }

  /** Any; empty if there is none. */
  synchronized String any(RandomGenerator random) {
    return recent(random, Integer.MAX_VALUE);
  }
}
