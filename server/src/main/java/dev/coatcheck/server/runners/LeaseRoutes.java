package dev.coatcheck.server.runners;

import dev.coatcheck.lease.Grant;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.lend.Loan;
import dev.coatcheck.lend.Order;
import dev.coatcheck.server.edge.Peer;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.store.Reader.KnownWorker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code POST /v1/runners/lease}: jobs for a runner elsewhere. */
public final class LeaseRoutes {

  private static final String PULL = "pull";

  private final Desk desk;
  private final Lender lender;

  public LeaseRoutes(Desk desk) {
    this.desk = desk;
    this.lender = desk.engine().lender();
  }

  public void lease(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    Order order = OrderReader.read(exchange.jsonBody(), () -> Peer.gone(exchange.core()));
    checkWorkers(order.workers());
    Optional<Loan> loan = desk.waits().during(() -> lender.lend(order));
    if (loan.isEmpty()) {
      desk.refuseWhenDraining();
    }
    deliver(exchange, loan.orElseThrow());
  }

  /** Answers now, so that it can be told whether there is still somebody to answer. */
  private void deliver(Exchange exchange, Loan loan) throws Exception {
    List<Grant> grants = loan.grants();
    try {
      exchange.json(200, LoanJson.of(loan, lender.leaseDuration(), exchange.url("")));
      exchange.flush();
    } catch (IOException | RuntimeException undelivered) {
      lender.undelivered(grants);
      throw undelivered;
    }
  }

  private void checkWorkers(List<String> workers) {
    for (int i = 0; i < workers.size(); i++) {
      String name = workers.get(i);
      KnownWorker worker = desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
      if (!worker.spec().kind().equals(PULL)) {
        throw Problem.at(
            ProblemCode.WORKER_NOT_PULL,
            "/workers/" + i,
            name + " is of kind " + worker.spec().kind() + ", only jobs of kind pull are leased");
      }
    }
  }
}
