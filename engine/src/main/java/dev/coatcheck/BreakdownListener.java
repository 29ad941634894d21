package dev.coatcheck;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.StoreUnavailableException;
import java.time.Instant;
import java.util.function.Consumer;

/** Passes on that the store takes nothing more, and nothing else. */
record BreakdownListener(Consumer<StoreUnavailableException> listener) implements Signals.Listener {

  @Override
  public void work(String worker) {}

  @Override
  public void changed(JobId job, Phase phase) {}

  @Override
  public void due(Instant at) {}

  @Override
  public void broken(StoreUnavailableException cause) {
    listener.accept(cause);
  }
}
