package dev.coatcheck.testkit;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A listener that keeps what it hears. */
final class Heard implements Signals.Listener {

  private final List<String> work = Collections.synchronizedList(new ArrayList<>());
  private final List<Phase> phases = Collections.synchronizedList(new ArrayList<>());
  private final List<Instant> due = Collections.synchronizedList(new ArrayList<>());

  private final Store store;

  private Heard(Store store) {
    this.store = store;
  }

  static Heard on(Store store) {
    Heard heard = new Heard(store);
    store.signals().listen(heard);
    return heard;
  }

  List<String> work() {
    hearAll();
    return work;
  }

  List<Phase> phases() {
    hearAll();
    return phases;
  }

  List<Instant> due() {
    hearAll();
    return due;
  }

  void forget() {
    hearAll();
    work.clear();
    phases.clear();
    due.clear();
  }

  /** A store may tell of a change after it has answered, but not after its next change. */
  private void hearAll() {
    store.prune(1);
  }

  @Override
  public void work(String worker) {
    work.add(worker);
  }

  @Override
  public void changed(JobId job, Phase phase) {
    phases.add(phase);
  }

  @Override
  public void due(Instant at) {
    due.add(at);
  }
}
