package dev.coatcheck.store.sqlite;

import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.Renewal;
import dev.coatcheck.store.base.Millis;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Extends the leases that a remote runner says it holds. */
final class RenewStep {

  private RenewStep() {}

  static List<Renewal> take(Turn turn, RunnerId runner, List<LeaseToken> held, Duration lease)
      throws SQLException {
    turn.flush();
    Instant until = Millis.of(turn.now().plus(lease));
    List<Renewal> renewals = new ArrayList<>(held.size());
    for (LeaseToken token : held) {
      int met =
          turn.bind(Sql.RENEW)
              .id(token.job())
              .number(token.fence())
              .secret(token)
              .runner(runner)
              .time(until)
              .update();
      renewals.add(new Renewal(token, met == 0 ? null : until));
    }
    return renewals;
  }
}
