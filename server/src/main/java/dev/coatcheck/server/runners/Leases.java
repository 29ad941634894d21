package dev.coatcheck.server.runners;

import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.JsonOut;
import java.io.IOException;
import java.util.Set;

/** What the verbs of a lease share. */
final class Leases {

  private Leases() {}

  /** The token in the path. */
  static LeaseToken token(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    return LeaseToken.parse(exchange.parameter("token")).orElseThrow(Problem::notFound);
  }

  /** Nothing was changed, and nothing under this lease ever will be. */
  static Problem lost(LeaseToken lease) {
    return Problem.of(
            ProblemCode.LEASE_LOST,
            "The lease is over: the job was taken back, ended or is of another runner.")
        .job(lease.job());
  }

  /** Answers that the word was taken. */
  static void ok(Exchange exchange, String state) throws IOException {
    exchange.json(200, JsonOut.object(out -> out.string("state", state)));
  }
}
