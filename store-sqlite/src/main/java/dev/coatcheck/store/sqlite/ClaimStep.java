package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Grants ready jobs. */
final class ClaimStep {

  private record Keys(
      RunnerId runner, long secretHigh, long secretLow, @Nullable Instant leaseUntil) {}

  private record Claimed(long seq, Grant grant) {}

  private static final Comparator<Claimed> ORDER =
      Comparator.<Claimed>comparingInt(claimed -> -claimed.grant().priority())
          .thenComparingLong(Claimed::seq);

  private ClaimStep() {}

  static List<Grant> take(Turn turn, ClaimPlan plan) throws SQLException {
    turn.flush();
    List<Grant> grants = new ArrayList<>();
    for (ClaimPlan.Want want : plan.wants()) {
      int max = (int) Math.min(want.max(), turn.counters().ready(want.worker()));
      if (max > 0) {
        switch (plan.holder()) {
          case Holder.Node node -> grants.addAll(claim(turn, want.worker(), max, own(turn)));
          case Holder.Remote remote -> remote(turn, want.worker(), max, remote, grants);
        }
      }
    }
    return grants;
  }

  private static Keys own(Turn turn) {
    Turn.Fixed fixed = turn.fixed();
    return new Keys(fixed.node(), fixed.secretHigh(), fixed.secretLow(), null);
  }

  /** One by one, since each lease has a secret of its own. */
  private static void remote(
      Turn turn, String worker, int max, Holder.Remote holder, List<Grant> grants)
      throws SQLException {
    RandomGenerator random = turn.fixed().random();
    Instant until = SubmitStep.millis(turn.now().plus(holder.lease()));
    for (int i = 0; i < max; i++) {
      Keys keys = new Keys(holder.runner(), random.nextLong(), random.nextLong(), until);
      List<Grant> next = claim(turn, worker, 1, keys);
      if (next.isEmpty()) {
        return;
      }
      grants.addAll(next);
    }
  }

  private static List<Grant> claim(Turn turn, String worker, int max, Keys keys)
      throws SQLException {
    List<Claimed> claimed = new ArrayList<>();
    Bind claim =
        turn.bind(Sql.CLAIM)
            .text(worker)
            .time(turn.now())
            .number(max)
            .runner(keys.runner())
            .bytes(Bind.blob(keys.secretHigh(), keys.secretLow()))
            .time(keys.leaseUntil());
    try (ResultSet rows = claim.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        claimed.add(claimed(turn, row, worker, keys));
      }
    }
    claimed.sort(ORDER);
    turn.hints().due(Upkeep.RESCUE, claimed.isEmpty() ? null : keys.leaseUntil());
    List<Grant> grants = new ArrayList<>(claimed.size());
    for (Claimed one : claimed) {
      grants.add(one.grant());
      turn.hints().changed(one.grant().token().job(), Phase.RUNNING);
    }
    return grants;
  }

  private static Claimed claimed(Turn turn, Columns row, String worker, Keys keys)
      throws SQLException {
    long seq = row.number();
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    int version = row.count();
    long fence = row.number();
    int attempt = row.count();
    int maxAttempts = row.count();
    int priority = row.count();
    Duration runTimeout = Duration.ofMillis(row.number());
    Instant deadlineAt = row.time();
    turn.counters().leave(worker, Phase.READY, row.optionalTime());
    turn.counters().enter(worker, Phase.RUNNING, null);
    Instant queueTimeoutAt = row.optionalTime();
    turn.held()
        .put(
            new Head(
                seq,
                id,
                tenant,
                worker,
                Phase.RUNNING,
                fence,
                attempt,
                false,
                maxAttempts,
                row.count(),
                null,
                queueTimeoutAt,
                deadlineAt,
                0,
                0,
                null));
    String metadata = row.text();
    Payload input = row.payload();
    return new Claimed(
        seq,
        new Grant(
            new LeaseToken(id, fence, keys.secretHigh(), keys.secretLow()),
            tenant,
            worker,
            version,
            attempt,
            maxAttempts,
            priority,
            input == null ? largeInput(turn, seq) : input,
            Form.decode(metadata),
            turn.now(),
            runTimeout,
            deadlineAt));
  }

  private static Payload largeInput(Turn turn, long seq) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.INPUT).number(seq).query()) {
      Columns row = new Columns(rows);
      Payload input = row.next() ? row.payload() : null;
      return input == null ? Payload.EMPTY : input;
    }
  }
}
