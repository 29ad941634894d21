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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

  private record Lane(String worker, String name) {}

  private record Claimed(long seq, Head head, Grant grant) {}

  private static final Comparator<Claimed> ORDER =
      Comparator.<Claimed>comparingInt(claimed -> -claimed.grant().priority())
          .thenComparingLong(Claimed::seq);

  private ClaimStep() {}

  static List<Grant> take(Turn turn, ClaimPlan plan) throws SQLException {
    turn.flush();
    List<Grant> grants = new ArrayList<>();
    for (ClaimPlan.Want want : plan.wants()) {
      String worker = want.worker();
      int max = Math.min(want.max(), plan.max() - grants.size());
      max = (int) Math.min(max, Math.min(turn.counters().ready(worker), free(turn, worker)));
      if (max > 0 && !turn.workers().paused(worker)) {
        deal(turn, worker, max, plan.holder(), grants);
      }
    }
    return grants;
  }

  /** How many more jobs of the worker may run at once. */
  private static long free(Turn turn, String worker) {
    return turn.workers().concurrency(worker) - turn.counters().running(worker);
  }

  /** Whether one more job of the lane may run. */
  static boolean room(Turn turn, String worker, String lane) {
    return free(turn, worker) > 0
        && turn.counters().within(worker).running(lane) < turn.workers().concurrencyPerKey(worker);
  }

  private static void deal(Turn turn, String worker, int places, Holder holder, List<Grant> grants)
      throws SQLException {
    long cap = turn.workers().concurrencyPerKey(worker);
    Set<String> dry = new HashSet<>();
    int left = places;
    while (left > 0) {
      Map<String, Integer> dealt = turn.counters().within(worker).deal(left, cap, dry);
      if (dealt.isEmpty()) {
        return;
      }
      for (Map.Entry<String, Integer> share : dealt.entrySet()) {
        Lane lane = new Lane(worker, share.getKey());
        List<Grant> got = claim(turn, lane, share.getValue(), holder);
        if (got.size() < share.getValue()) {
          // The clocks of the others have run out.
          dry.add(lane.name());
        }
        grants.addAll(got);
        left -= got.size();
      }
    }
  }

  private static List<Grant> claim(Turn turn, Lane lane, int max, Holder holder)
      throws SQLException {
    return switch (holder) {
      case Holder.Node node -> claim(turn, lane, max, new Keys(turn.fixed().node(), null, null));
      case Holder.Remote(RunnerId runner, Duration lease) -> {
        Instant until = Millis.of(turn.now().plus(lease));
        Secrets secrets = new Secrets(turn.fixed().random(), max);
        yield claim(turn, lane, max, new Keys(runner, until, secrets));
      }
    };
  }

  private static List<Grant> claim(Turn turn, Lane lane, int max, Keys keys) throws SQLException {
    List<Claimed> claimed = new ArrayList<>();
    Bind claim = bind(turn, lane, max, keys);
    try (ResultSet rows = claim.query()) {
      Columns row = new Columns(rows);
      while (row.next()) {
        claimed.add(claimed(turn, row, lane, keys));
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

  private static Bind bind(Turn turn, Lane lane, int max, Keys keys) throws SQLException {
    Secrets remote = keys.remote();
    Turn.Fixed fixed = turn.fixed();
    Bind claim =
        turn.bind(remote == null ? Sql.CLAIM : Sql.CLAIM_REMOTE)
            .text(lane.worker())
            .time(turn.now())
            .number(max)
            .runner(keys.runner());
    return remote == null
        ? claim.bytes(Bind.blob(fixed.secretHigh(), fixed.secretLow())).text(lane.name())
        : claim
            .bytes(remote.leases())
            .time(keys.leaseUntil())
            .bytes(remote.hashes())
            .text(lane.name());
  }

  private static Grant resumed(Turn turn, Claimed claimed) throws SQLException {
    return claimed.grant().goingOnWith(Resumption.give(turn, claimed.seq()));
  }

  private static Claimed claimed(Turn turn, Columns row, Lane lane, Keys keys) throws SQLException {
    long seq = row.number();
    JobId id = row.id();
    TenantId tenant = new TenantId(row.text());
    int version = row.count();
    long fence = row.number();
    int attempt = row.count();
    int maxAttempts = row.count();
    int lost = row.count();
    turn.counters().leave(lane.worker(), lane.name(), Phase.READY, row.optionalTime());
    turn.counters().enter(lane.worker(), lane.name(), Phase.RUNNING, null);
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
            lane.worker(),
            lane.name(),
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
