package dev.coatcheck.store.sqlite;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Upkeep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Grants ready jobs. */
final class ClaimStep {

  /**
   * What the leases of one statement have in common.
   *
   * @param remote of leases of a runner elsewhere; null for one of this process, whose leases share
   *     their secret
   */
  private record Keys(RunnerId runner, @Nullable Instant leaseUntil, @Nullable Secrets remote) {}

  private record Claimed(long seq, Head head, Grant grant) {}

  private static final Comparator<Claimed> ORDER =
      Comparator.<Claimed>comparingInt(claimed -> -claimed.grant().priority())
          .thenComparingLong(Claimed::seq);

  private ClaimStep() {}

  static List<Grant> take(Turn turn, ClaimPlan plan) throws SQLException {
    turn.flush();
    List<Grant> grants = new ArrayList<>();
    for (ClaimPlan.Want want : plan.wants()) {
      int max = Math.min(want.max(), plan.max() - grants.size());
      max = (int) Math.min(max, turn.counters().ready(want.worker()));
      if (max > 0 && !turn.workers().paused(want.worker())) {
        switch (plan.holder()) {
          case Holder.Node node -> grants.addAll(claim(turn, want.worker(), max, own(turn)));
          case Holder.Remote remote -> grants.addAll(remote(turn, want.worker(), max, remote));
        }
      }
    }
    return grants;
  }

  private static Keys own(Turn turn) {
    return new Keys(turn.fixed().node(), null, null);
  }

  private static List<Grant> remote(Turn turn, String worker, int max, Holder.Remote holder)
      throws SQLException {
    long free = turn.workers().concurrency(worker) - turn.counters().running(worker);
    int most = (int) Math.min(max, free);
    if (most <= 0) {
      return List.of();
    }
    Instant until = Millis.of(turn.now().plus(holder.lease()));
    Secrets secrets = new Secrets(turn.fixed().random(), most);
    return claim(turn, worker, most, new Keys(holder.runner(), until, secrets));
  }

  private static List<Grant> claim(Turn turn, String worker, int max, Keys keys)
      throws SQLException {
    List<Claimed> claimed = new ArrayList<>();
    Bind claim = bind(turn, worker, max, keys);
    try (ResultSet rows = claim.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        claimed.add(claimed(turn, row, worker, keys));
      }
    }
    claimed.sort(ORDER);
    List<Grant> grants = new ArrayList<>(claimed.size());
    for (Claimed one : claimed) {
      grants.add(one.head().resumable() ? resumed(turn, one) : one.grant());
      turn.tell(one.head(), Phase.RUNNING);
    }
    return grants;
  }

  private static Bind bind(Turn turn, String worker, int max, Keys keys) throws SQLException {
    Secrets remote = keys.remote();
    Turn.Fixed fixed = turn.fixed();
    Bind claim =
        turn.bind(remote == null ? Sql.CLAIM : Sql.CLAIM_REMOTE)
            .text(worker)
            .time(turn.now())
            .number(max)
            .runner(keys.runner());
    return remote == null
        ? claim.bytes(Bind.blob(fixed.secretHigh(), fixed.secretLow()))
        : claim.bytes(remote.leases()).time(keys.leaseUntil()).bytes(remote.hashes());
  }

  private static Grant resumed(Turn turn, Claimed claimed) throws SQLException {
    return claimed.grant().goingOnWith(Resumption.give(turn, claimed.seq()));
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
    int lost = row.count();
    turn.counters().leave(worker, Phase.READY, row.optionalTime());
    turn.counters().enter(worker, Phase.RUNNING, null);
    Instant queueTimeoutAt = row.optionalTime();
    Instant deadlineAt = row.time();
    Instant runAt = row.optionalTime();
    Instant startedAt = row.optionalTime();
    Duration runTimeout = Duration.ofMillis(row.number());
    Duration ran = Duration.ofMillis(row.number());
    boolean begun = row.flag();
    boolean resumable = row.flag();
    int reuse = row.count();
    Head head =
        new Head(
            seq,
            id,
            tenant,
            worker,
            version,
            Phase.RUNNING,
            fence,
            attempt,
            false,
            maxAttempts,
            lost,
            null,
            queueTimeoutAt,
            deadlineAt,
            0,
            0,
            new Head.Times(runAt, startedAt, turn.now(), runTimeout, ran, null),
            null,
            begun,
            resumable,
            reuse,
            null);
    turn.held().put(head);
    Duration left = left(runTimeout, ran);
    if (keys.leaseUntil() != null) {
      turn.hints()
          .due(
              Upkeep.RESCUE,
              Collections.min(List.of(keys.leaseUntil(), deadlineAt, turn.now().plus(left))));
    }
    return new Claimed(seq, head, grant(turn, row, head, left, keys));
  }

  private static Duration left(Duration runTimeout, Duration ran) {
    Duration left = runTimeout.minus(ran);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private static Grant grant(Turn turn, Columns row, Head head, Duration left, Keys keys)
      throws SQLException {
    int grants = row.count();
    long chunks = row.number();
    int priority = row.count();
    String metadata = row.text();
    Payload input = row.payload();
    Secrets.Lease secret = secret(turn, row, keys);
    return new Grant(
        new LeaseToken(head.id(), head.fence(), secret.high(), secret.low()),
        head.tenant().shown(),
        head.worker(),
        head.workerVersion(),
        head.attempt(),
        head.maxAttempts(),
        grants,
        chunks,
        priority,
        input == null ? largeInput(turn, head.seq()) : input,
        Form.decode(metadata),
        turn.now(),
        left,
        head.deadlineAt(),
        keys.leaseUntil(),
        secret.callback() == null
            ? null
            : new CallbackToken(head.id(), head.fence(), secret.callback()),
        null);
  }

  private static Secrets.Lease secret(Turn turn, Columns row, Keys keys) throws SQLException {
    Secrets remote = keys.remote();
    Turn.Fixed fixed = turn.fixed();
    return remote == null
        ? new Secrets.Lease(fixed.secretHigh(), fixed.secretLow(), null)
        : remote.of(Objects.requireNonNull(row.bytes()));
  }

  private static Payload largeInput(Turn turn, long seq) throws SQLException {
    try (ResultSet rows = turn.bind(Sql.INPUT).number(seq).query()) {
      Columns row = new Columns(rows);
      Payload input = row.next() ? row.payload() : null;
      return input == null ? Payload.EMPTY : input;
    }
  }
}
