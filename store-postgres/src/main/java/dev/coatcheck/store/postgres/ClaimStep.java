package dev.coatcheck.store.postgres;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.base.Millis;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Grants ready jobs. */
final class ClaimStep {

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
    KnownLanes lanes = turn.fixed().lanes();
    List<Claimed> claimed = new ArrayList<>();
    Set<String> dry = new HashSet<>();
    if (max > 0) {
      lanes.refresh(turn, worker);
    }
    while (claimed.size() < max) {
      long since = lanes.moment();
      Map<String, Integer> dealt =
          lanes.deal(worker, max - claimed.size(), lane -> dry.contains(lane) ? 0 : max);
      if (dealt.isEmpty()) {
        if (!lanes.find(turn, worker, dry)) {
          break;
        }
        continue;
      }
      Look look = new Look(turn, worker, dealt);
      claimed.addAll(look.found());
      for (String lane : look.dry()) {
        dry.add(lane);
        turn.after(() -> lanes.forget(worker, lane, since));
      }
    }
    turn.counters().move(worker, Phase.READY, -claimed.size());
    turn.counters().move(worker, Phase.RUNNING, claimed.size());
    return claimed;
  }

  private static Grant grant(
      Turn turn,
      String worker,
      Claimed one,
      UUID lease,
      @Nullable Instant until,
      @Nullable CallbackToken callback)
      throws SQLException {
    turn.news().changed(one.id(), Phase.RUNNING);
    return new Grant(
        Uuids.token(one.id(), one.fence(), lease),
        one.tenant(),
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
