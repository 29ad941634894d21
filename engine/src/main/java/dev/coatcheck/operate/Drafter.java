package dev.coatcheck.operate;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Submission;
import dev.coatcheck.operation.Order;
import java.util.List;

/** Makes the submission that repeats a job: whoever can read inputs patches and checks them. */
@FunctionalInterface
public interface Drafter {

  Draft draft(Job old, Order.Redrive order);

  /** What came of it. */
  sealed interface Draft {

    /** To be handed in. */
    record Ready(Submission submission) implements Draft {}

    /**
     * It cannot be repeated like this.
     *
     * @param code why, like {@code input_invalid}
     */
    record Unfit(String code) implements Draft {}
  }

  /** Repeats jobs as they were. Without a reader of inputs there is nothing to patch or check. */
  static Draft asItWas(Job old, Order.Redrive order) {
    if (order.patch() != null) {
      return new Draft.Unfit("input_invalid");
    }
    String worker = order.worker() == null ? old.worker() : order.worker();
    return new Draft.Ready(
        new Submission(
            old.tenant(),
            worker,
            old.input(),
            null,
            old.priority(),
            null,
            null,
            null,
            null,
            null,
            null,
            old.lane(),
            old.metadata(),
            List.of(),
            null,
            old.id(),
            CacheUse.USE,
            null));
  }
}
