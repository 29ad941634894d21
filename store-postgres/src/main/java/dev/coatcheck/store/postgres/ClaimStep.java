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
import java.util.function.Predicate;
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
    List<Claimed> claimed = claim(turn, worker, turn.room(worker, false, max));
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
    for (Claimed one : claim(turn, worker, turn.room(worker, true, max))) {
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

  private static List<Claimed> claim(Turn turn, String worker, Room room) throws SQLException {
    KnownLanes lanes = turn.fixed().lanes();
    List<Claimed> claimed = new ArrayList<>();
    Set<String> dry = new HashSet<>();
    Predicate<String> passed = lane -> dry.contains(lane) || room.free(lane) <= 0;
    if (room.free() > 0) {
      lanes.refresh(turn, worker);
    }
    while (room.free() > 0 || room.more()) {
      long since = lanes.moment();
      Map<String, Integer> dealt =
          lanes.deal(worker, room.free(), lane -> passed.test(lane) ? 0 : room.free(lane));
      if (dealt.isEmpty()) {
        if (!lanes.find(turn, worker, passed)) {
          break;
        }
        continue;
      }
      Look look = new Look(turn, worker, dealt);
      for (Claimed one : look.found()) {
        room.take(new Escrow.Held(one.id(), one.fence()), one.lane());
        claimed.add(one);
      }
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
