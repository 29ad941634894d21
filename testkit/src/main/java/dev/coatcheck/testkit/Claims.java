package dev.coatcheck.testkit;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.Phase;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.ClaimPlan.Holder;
import dev.coatcheck.store.ClaimPlan.Want;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How jobs are granted. */
final class Claims {

  /** The node as the holder of leases. */
  record Self(RunnerId runner, long secretHigh, long secretLow) {}

  private final Transaction tx;
  private final Table table;
  private final Self self;

  Claims(Transaction tx, Self self) {
    this.tx = tx;
    this.table = tx.table;
    this.self = self;
  }

  List<Grant> claim(ClaimPlan plan) {
    List<Grant> grants = new ArrayList<>();
    for (Want want : plan.wants()) {
      int left = Math.min(want.max(), plan.max() - grants.size());
      deal(want.worker(), places(want.worker(), left), plan.holder(), grants);
    }
    return grants;
  }

  /** How many more jobs of the worker may start. */
  private int places(String worker, int wanted) {
    long free = table.workers.current(worker).concurrency() - table.running(worker);
    return table.workers.paused(worker) ? 0 : (int) Math.max(0, Math.min(wanted, free));
  }

  private void deal(String worker, int places, Holder holder, List<Grant> grants) {
    int cap = table.workers.current(worker).concurrencyPerKey();
    Set<String> dry = new HashSet<>();
    int left = places;
    while (left > 0) {
      Map<String, Integer> dealt = table.lanes(worker).deal(left, cap, dry);
      if (dealt.isEmpty()) {
        return;
      }
      for (Map.Entry<String, Integer> share : dealt.entrySet()) {
        List<Row> rows = startable(worker, share.getKey(), share.getValue());
        if (rows.size() < share.getValue()) {
          dry.add(share.getKey());
        }
        for (Row row : rows) {
          tx.take(row);
          grants.add(grant(row, holder));
        }
        left -= rows.size();
      }
    }
  }

  private List<Row> startable(String worker, String lane, int max) {
    return table.ready(worker, lane).stream()
        .filter(row -> Objects.requireNonNull(row.wakeAt()).isAfter(tx.now))
        .limit(max)
        .toList();
  }

  private Grant grant(Row row, Holder holder) {
    return switch (holder) {
      case Holder.Node node -> grantHere(row);
      case Holder.Remote(RunnerId runner, Duration lease) -> {
        RandomGenerator random = table.random;
        begin(row, runner, random.nextLong(), random.nextLong());
        row.local = false;
        row.leaseUntil = InMemoryStore.millis(tx.now.plus(lease));
        CallbackToken token = CallbackToken.of(row.id(), row.fence, random);
        row.last().callbackHash = token.hash();
        yield granted(row, token);
      }
    };
  }

  /** Starts an attempt on this node, of a row that is in no index. */
  Grant grantHere(Row row) {
    begin(row, self.runner(), self.secretHigh(), self.secretLow());
    row.local = true;
    row.leaseUntil = null;
    return granted(row, null);
  }

  private void begin(Row row, RunnerId runner, long secretHigh, long secretLow) {
    row.phase = Phase.RUNNING;
    row.waitReason = null;
    row.nextAttemptAt = null;
    row.raiseFence();
    if (!row.keepAttempt) {
      row.attempt++;
      row.executed = Duration.ZERO;
      row.chunks = 0;
    }
    row.keepAttempt = false;
    row.startedAt = row.startedAt == null ? tx.now : row.startedAt;
    row.progress = null;
    LeaseToken token = new LeaseToken(row.id(), row.fence, secretHigh, secretLow);
    row.grants.add(new GrantRow(token, row.attempt, runner, tx.now));
    row.tellStatus(tx.now);
  }

  private Grant granted(Row row, @Nullable CallbackToken callback) {
    Resume resume = resume(row);
    tx.put(row);
    return new Grant(
        row.last().token,
        row.born.tenant().shown(),
        row.worker(),
        row.born.workerVersion(),
        row.attempt,
        row.born.maxAttempts(),
        row.grants.size(),
        row.chunks,
        row.urgency,
        row.born.input(),
        row.born.metadata(),
        tx.now,
        row.runTimeLeft(),
        row.deadlineAt,
        row.leaseUntil,
        callback,
        resume);
  }

  private static @Nullable Resume resume(Row row) {
    Row.Pending pending = row.pending;
    if (pending != null && pending.reason() == Resume.Reason.TIMEOUT) {
      return new Resume(Resume.Reason.TIMEOUT, pending.state(), null);
    }
    GrantRow from = row.unspentCallback().orElse(null);
    if (from == null) {
      return null;
    }
    row.last().givenFrom = from;
    return new Resume(
        Resume.Reason.CALLBACK,
        pending == null ? null : pending.state(),
        Objects.requireNonNull(from.taken).callback());
  }
}
