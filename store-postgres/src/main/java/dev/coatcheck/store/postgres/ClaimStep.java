package dev.coatcheck.store.postgres;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.base.Form;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Grants ready jobs. */
final class ClaimStep {

  /** Jobs of one statement, at most. */
  private static final int MOST = 512;

  /** A look that takes longer is looked into. */
  private static final Duration SLOW = Duration.ofMillis(5);

  private record Claimed(
      JobId id,
      TenantId tenant,
      int version,
      long fence,
      int attempt,
      int maxAttempts,
      Duration left,
      Instant deadlineAt,
      int priority,
      Map<String, String> metadata,
      Payload input,
      int grants,
      long chunks,
      boolean resumable,
      Head.Shares shares) {

    static Claimed of(Columns row) throws SQLException {
      JobId id = row.id();
      TenantId tenant = new TenantId(row.text());
      int version = row.count();
      long fence = row.number();
      int attempt = row.count();
      int maxAttempts = row.count();
      Duration runTimeout = Duration.ofMillis(row.number());
      Instant deadlineAt = row.time();
      int priority = row.count();
      Map<String, String> metadata = Form.decode(row.text());
      Payload input = row.payload();
      int grants = row.count();
      long chunks = row.number();
      Duration left = runTimeout.minusMillis(row.number());
      return new Claimed(
          id,
          tenant,
          version,
          fence,
          attempt,
          maxAttempts,
          left.isPositive() ? left : Duration.ofMillis(1),
          deadlineAt,
          priority,
          metadata,
          input == null ? Payload.EMPTY : input,
          grants,
          chunks,
          row.flag(),
          new Head.Shares(row.count(), null));
    }
  }

  private ClaimStep() {}

  static List<Grant> take(Turn turn, ClaimPlan plan) throws SQLException {
    List<Grant> grants = new ArrayList<>();
    for (ClaimPlan.Want want : plan.wants()) {
      int max = Math.min(want.max(), plan.max() - grants.size());
      if (max > 0 && !turn.workers().paused(want.worker())) {
        switch (plan.holder()) {
          case Holder.Node node -> local(turn, want.worker(), max, grants);
          case Holder.Remote remote -> remote(turn, want.worker(), max, remote, grants);
        }
      }
    }
    return grants;
  }

  private static void local(Turn turn, String worker, int max, List<Grant> grants)
      throws SQLException {
    List<Claimed> claimed = claim(turn, worker, max);
    if (claimed.isEmpty()) {
      return;
    }
    UUID lease = turn.random();
    Leases.insert(
        turn,
        lease,
        worker,
        claimed.stream()
            .map(one -> new Leases.Member(one.id(), one.fence(), one.attempt()))
            .toList());
    for (Claimed one : claimed) {
      grants.add(grant(turn, worker, one, lease, null, null));
    }
  }

  /** Each with a lease of its own: a runner names the ones that it still holds. */
  private static void remote(
      Turn turn, String worker, int max, Holder.Remote holder, List<Grant> grants)
      throws SQLException {
    Instant until = Millis.of(turn.now().plus(holder.lease()));
    List<Bind> leases = new ArrayList<>();
    for (Claimed one : claim(turn, worker, free(turn, worker, max))) {
      UUID lease = turn.random();
      CallbackToken callback = CallbackToken.of(one.id(), one.fence(), turn.fixed().random());
      Instant runUntil = turn.now().plus(one.left());
      Instant wake = Collections.min(List.of(until, runUntil, one.deadlineAt()));
      leases.add(
          Leases.row(turn, lease, worker, holder.runner(), false)
              .time(until)
              .time(runUntil)
              .time(one.deadlineAt())
              .time(wake)
              .payload(callback.hash())
              .ids(List.of(one.id()))
              .array("bigint", new Object[] {one.fence()})
              .array("integer", new Object[] {one.attempt()}));
      turn.news().due(Upkeep.RESCUE, wake);
      grants.add(grant(turn, worker, one, lease, until, callback));
    }
    Bind.all(leases);
  }

  /** How many more jobs of the worker may run at once. */
  private static int free(Turn turn, String worker, int max) throws SQLException {
    if (!turn.workers().limited(worker)) {
      return max;
    }
    turn.bind(Sql.LOCK_WORKER).text(worker).run();
    long running = turn.counters().counts(worker).running();
    return Math.clamp(turn.workers().concurrency(worker) - running, 0, max);
  }

  private static List<Claimed> claim(Turn turn, String worker, int max) throws SQLException {
    List<Claimed> claimed = new ArrayList<>();
    int left = max;
    while (left > 0) {
      // Few sizes, so that few statements are prepared.
      int size = Math.min(MOST, Integer.highestOneBit(left));
      List<Claimed> next = look(turn, worker, size);
      claimed.addAll(next);
      left = next.size() < size ? 0 : left - size;
    }
    turn.counters().move(worker, Phase.READY, -claimed.size());
    turn.counters().move(worker, Phase.RUNNING, claimed.size());
    return claimed;
  }

  /** From where the last look ended if that is better, then from the head for what is wanting. */
  private static List<Claimed> look(Turn turn, String worker, int size) throws SQLException {
    LowWater lowWater = turn.fixed().lowWater();
    LowWater.Place from = lowWater.begin(worker, System.nanoTime());
    List<Claimed> found = new ArrayList<>();
    if (!from.equals(LowWater.Place.HEAD)) {
      found.addAll(look(turn, worker, size, from));
      LowWater.Place last = last(found);
      // Not before it is durable: else the jobs are back, and would be passed by.
      turn.after(() -> lowWater.advance(worker, last));
    }
    if (found.size() < size) {
      found.addAll(lookFromHead(turn, worker, size - found.size()));
    }
    return found;
  }

  private static List<Claimed> lookFromHead(Turn turn, String worker, int size)
      throws SQLException {
    long start = System.nanoTime();
    List<Claimed> found = look(turn, worker, size, LowWater.Place.HEAD);
    long end = System.nanoTime();
    LowWater lowWater = turn.fixed().lowWater();
    LowWater.Place last = last(found);
    boolean slow =
        end - start > SLOW.toNanos()
            && turn.bind(Sql.PASSED).count() - found.size() > LowWater.MANY;
    turn.after(() -> {
      if (!slow) {
        lowWater.quick(worker);
      } else if (last != null) {
        lowWater.slow(worker, last, end, end - start);
      }
    });
    return found;
  }

  private static LowWater.@Nullable Place last(List<Claimed> found) {
    return found.isEmpty()
        ? null
        : LowWater.Place.of(found.getLast().priority(), found.getLast().id());
  }

  private static List<Claimed> look(Turn turn, String worker, int size, LowWater.Place from)
      throws SQLException {
    return turn.bind(Sql.CLAIM, Integer.highestOneBit(size))
        .text(worker)
        .time(turn.now())
        .number(from.rank())
        .uuid(from.id())
        .list(Claimed::of);
  }

  private static Grant grant(
      Turn turn,
      String worker,
      Claimed one,
      UUID lease,
      @Nullable Instant until,
      @Nullable CallbackToken callback)
      throws SQLException {
    turn.tell(one.id(), one.shares(), Phase.RUNNING);
    return new Grant(
        Uuids.token(one.id(), one.fence(), lease),
        one.tenant().shown(),
        worker,
        one.version(),
        one.attempt(),
        one.maxAttempts(),
        one.grants(),
        one.chunks(),
        one.priority(),
        one.input(),
        one.metadata(),
        turn.now(),
        one.left(),
        one.deadlineAt(),
        until,
        callback,
        one.resumable() ? Resumption.give(turn, one.id()) : null);
  }
}
