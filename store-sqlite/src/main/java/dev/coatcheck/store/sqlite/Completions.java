package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.FileIds;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Successes of one transaction, gathered so that many cost one batch. */
final class Completions {

  /**
   * A success whose result is not known yet.
   *
   * @param results where it will stand, at {@code place}
   */
  private record Pending(
      List<Result> results, int place, Head head, Payload output, Instant expiresAt) {}

  private final Turn turn;
  private final List<Pending> gathered = new ArrayList<>();

  Completions(Turn turn) {
    this.turn = turn;
  }

  /** Leaves a place among the results that {@link #flush} fills. */
  void add(List<Result> results, Head head, LeaseToken lease, Outcome.Succeeded succeeded)
      throws SQLException {
    Instant expiresAt = Ends.expiry(turn, head, Phase.SUCCEEDED);
    Payload output = succeeded.output();
    turn.bind(Sql.COMPLETE)
        .number(head.seq())
        .number(lease.fence())
        .secret(lease)
        .time(turn.now())
        .time(expiresAt)
        .payload(SettleStep.large(output) ? null : output)
        .usage(succeeded.usage())
        .text(FileIds.text(succeeded.files()))
        .batch();
    gathered.add(new Pending(results, results.size(), head, output, expiresAt));
    results.add(new Result.LeaseLost());
  }

  void flush() throws SQLException {
    if (gathered.isEmpty()) {
      return;
    }
    int[] met = turn.executeBatch(Sql.COMPLETE);
    for (int i = 0; i < met.length; i++) {
      if (met[i] > 0) {
        completed(gathered.get(i));
      }
    }
    gathered.clear();
  }

  private void completed(Pending one) throws SQLException {
    if (SettleStep.large(one.output())) {
      turn.bind(Sql.INSERT_PAYLOAD)
          .number(one.head().seq())
          .text("output")
          .payload(one.output())
          .update();
    }
    Ends.ended(turn, one.head(), Phase.SUCCEEDED, null, one.expiresAt());
    Resumption.spend(turn, one.head());
    one.results()
        .set(
            one.place(),
            new Result.Settled(one.head().finished(Phase.SUCCEEDED, turn.now()), false));
  }

  void forget() {
    gathered.clear();
  }
}
