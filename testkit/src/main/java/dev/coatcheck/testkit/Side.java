package dev.coatcheck.testkit;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.util.ArrayList;
import java.util.List;

/** One of the benches that are walked on side by side, with what the walk knows of it. */
final class Side {

  final StoreBench bench;
  final Watch watch;
  final Tokens tokens = new Tokens();

  /** In the order of the claims, so that equal places mean equal grants on all sides. */
  private final List<Grant> grants = new ArrayList<>();

  Side(StoreBench bench, TenantId tenant, List<String> workers) {
    this.bench = bench;
    this.watch = new Watch(bench, tenant, workers);
  }

  int grants() {
    return grants.size();
  }

  Grant grant(int place) {
    return grants.get(place);
  }

  LeaseToken lease(int place) {
    return grants.get(place).token();
  }

  List<LeaseToken> leasesFrom(int place) {
    return grants.subList(place, grants.size()).stream().map(Grant::token).toList();
  }

  boolean holds(int place) {
    return standing(place) instanceof Standing.Held;
  }

  Standing standing(int place) {
    return bench.store().reader().standing(lease(place));
  }

  Result commit(Command command) {
    return bench.commit(command);
  }

  Result open(int place, CallbackToken token) {
    tokens.add(lease(place), token);
    return bench.open(grant(place), token);
  }

  /** Keeps what was granted; what is told of it is equal on all sides. */
  List<Grant> claimed(List<Grant> claimed) {
    claimed.forEach(this::keep);
    return claimed.stream().map(Side::withoutSecrets).toList();
  }

  /** Keeps the grant of a job that started; what is told of it is equal on all sides. */
  Object submitted(Result result) {
    return switch (result) {
      case Result.Started(var job, Grant grant) -> {
        keep(grant);
        yield "stored and started " + job;
      }
      case Result.Accepted(var job) -> "stored " + job;
      default -> result;
    };
  }

  private void keep(Grant grant) {
    grants.add(grant);
    if (grant.callback() != null) {
      tokens.add(grant.token(), grant.callback());
    }
  }

  private static Grant withoutSecrets(Grant grant) {
    LeaseToken token = new LeaseToken(grant.token().job(), grant.token().fence(), 0, 0);
    return new Grant(
        token,
        grant.tenant(),
        grant.worker(),
        grant.workerVersion(),
        grant.attempt(),
        grant.maxAttempts(),
        grant.grants(),
        grant.chunks(),
        grant.priority(),
        grant.input(),
        grant.metadata(),
        grant.startedAt(),
        grant.runTimeout(),
        grant.deadlineAt(),
        grant.leaseUntil(),
        grant.callback() == null ? null : Tokens.madeByNobody(token),
        grant.resume());
  }
}
