package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Signals.Listener;
import dev.coatcheck.store.base.Hints;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hints as text, a line each, the sender's name first. Only the last change of a job counts. */
final class Gathered {

  /** NOTIFY takes less than 8,000 bytes. */
  private static final int TEXT_MAX = 7_900;

  /** More than that is not told: who waits for one of them looks for himself. */
  private static final int JOBS_MAX = 10_000;

  private static final String CONTRACTS = "workers";

  private final String self;
  private boolean contracts;
  private final Set<String> workers = new LinkedHashSet<>();
  private final Map<JobId, Phase> jobs = new LinkedHashMap<>();

  Gathered(String self) {
    this.self = self;
  }

  synchronized void workersChanged() {
    contracts = true;
  }

  synchronized void work(String worker) {
    workers.add(worker);
  }

  synchronized void changed(JobId job, Phase phase) {
    if (jobs.size() < JOBS_MAX) {
      jobs.put(job, phase);
    }
  }

  /** As much as fits; null if there is nothing. */
  synchronized @Nullable String take() {
    if (!contracts && workers.isEmpty() && jobs.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder(self);
    if (contracts) {
      append(text, CONTRACTS);
      contracts = false;
    }
    Iterator<String> names = workers.iterator();
    while (names.hasNext() && append(text, "w " + names.next())) {
      names.remove();
    }
    Iterator<Map.Entry<JobId, Phase>> changes = jobs.entrySet().iterator();
    while (changes.hasNext()) {
      Map.Entry<JobId, Phase> change = changes.next();
      String phase = change.getValue().name().toLowerCase(Locale.ROOT);
      if (!append(text, phase + " " + change.getKey())) {
        break;
      }
      changes.remove();
    }
    return text.toString();
  }

  private static boolean append(StringBuilder text, String line) {
    if (text.length() + 1 + line.length() > TEXT_MAX) {
      return false;
    }
    text.append('\n').append(line);
    return true;
  }

  /** Tells what another node has sent, to all but one. What is not understood is left out. */
  static void tell(String text, String self, Hints hints, Listener but) {
    String[] lines = text.split("\n", -1);
    if (lines[0].equals(self)) {
      return;
    }
    for (int i = 1; i < lines.length; i++) {
      if (lines[i].equals(CONTRACTS)) {
        hints.pass(but, Listener::workersChanged);
      }
      int space = lines[i].indexOf(' ');
      if (space > 0) {
        pass(lines[i].substring(0, space), lines[i].substring(space + 1), hints, but);
      }
    }
  }

  private static void pass(String what, String whom, Hints hints, Listener but) {
    if (what.equals("w")) {
      hints.pass(but, listener -> listener.work(whom));
      return;
    }
    JobId job = JobId.parse(whom).orElse(null);
    for (Phase phase : Phase.values()) {
      if (job != null && phase.name().toLowerCase(Locale.ROOT).equals(what)) {
        hints.pass(but, listener -> listener.changed(job, phase));
      }
    }
  }
}
