package dev.coatcheck;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.PauseResult;
import dev.coatcheck.store.Result.RemoveResult;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.worker.WorkerSpec;

/** Makes workers known, in the store and in this process. */
final class Definitions {

  private final Catalog catalog;
  private final Committer committer;
  private final Reader reader;

  Definitions(Catalog catalog, Committer committer, Reader reader) {
    this.catalog = catalog;
    this.committer = committer;
    this.reader = reader;
  }

  Result.Defined define(WorkerSpec spec, String source) throws InterruptedException {
    Result.Defined defined = committer.define(new Command.Define(spec, source));
    catalog.put(new KnownWorker(spec, defined.version(), source, false));
    if (defined.created()) {
      recallPause(spec.name());
    }
    return defined;
  }

  /** A worker may have been paused when it went out of use, which this process did not see. */
  private void recallPause(String worker) {
    for (KnownWorker known : reader.workers()) {
      if (known.spec().name().equals(worker)) {
        catalog.pause(worker, known.paused());
      }
    }
  }

  RemoveResult remove(String worker) throws InterruptedException {
    RemoveResult result = (RemoveResult) committer.commit(new Command.Remove(worker));
    if (result instanceof Result.Removed) {
      catalog.remove(worker);
    }
    return result;
  }

  PauseResult pause(String worker, boolean paused) throws InterruptedException {
    PauseResult result = (PauseResult) committer.commit(new Command.Pause(worker, paused));
    if (result instanceof Result.PauseSet) {
      catalog.pause(worker, paused);
    }
    return result;
  }
}
