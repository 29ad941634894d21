package dev.coatcheck.store.postgres;

import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.base.Millis;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Extends the leases that a remote runner says it holds: one statement, however many. */
final class RenewStep {

  private RenewStep() {}

  static List<Renewal> take(Turn turn, RunnerId runner, List<LeaseToken> held, Duration lease)
      throws SQLException {
    Instant until = Millis.of(turn.now().plus(lease));
    Set<List<Object>> renewed =
        new HashSet<>(
            turn.bind(Sql.RENEW)
                .runner(runner)
                .time(until)
                .ids(held.stream().map(LeaseToken::job).toList())
                .array("bigint", held.stream().map(LeaseToken::fence).toArray())
                .array("uuid", held.stream().map(Uuids::secret).toArray())
                .list(row -> List.<Object>of(row.id(), row.number())));
    List<Renewal> renewals = new ArrayList<>(held.size());
    for (LeaseToken token : held) {
      boolean met = renewed.contains(List.<Object>of(token.job(), token.fence()));
      renewals.add(new Renewal(token, met ? until : null));
    }
    return renewals;
  }
}
