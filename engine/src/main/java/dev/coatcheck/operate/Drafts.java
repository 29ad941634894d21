package dev.coatcheck.operate;

import dev.coatcheck.job.Job;
import dev.coatcheck.operate.Drafter.Draft;
import dev.coatcheck.operation.Order;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.submit.Catalog;
import dev.coatcheck.submit.Submitter;
import java.util.Optional;

/** Makes the new job that repeats an old one. */
public final class Drafts {

  private final Catalog catalog;
  private final Submitter submitter;
  private final Drafter drafter;

  public Drafts(Catalog catalog, Submitter submitter, Drafter drafter) {
    this.catalog = catalog;
    this.submitter = submitter;
    this.drafter = drafter;
  }

  /** A new job, or why there is none. */
  sealed interface Outcome {}

  record Drafted(NewJob job) implements Outcome {}

  record Unfit(String code) implements Outcome {}

  Outcome of(Job old, Order.Redrive order) {
    return switch (drafter.draft(old, order)) {
      case Draft.Unfit(var code) -> new Unfit(code);
      case Draft.Ready(var submission) -> {
        Optional<KnownWorker> worker = catalog.get(submission.worker());
        yield worker.isEmpty()
            ? new Unfit("worker_not_found")
            : new Drafted(submitter.resolve(submission, worker.get()));
      }
    };
  }
}
