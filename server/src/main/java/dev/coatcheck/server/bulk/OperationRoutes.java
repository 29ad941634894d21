package dev.coatcheck.server.bulk;

import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.jobs.Desk;
import java.util.Set;

/** {@code GET /v1/operations/{id}}: how far work on many jobs is. */
public final class OperationRoutes {

  private final Desk desk;

  public OperationRoutes(Desk desk) {
    this.desk = desk;
  }

  public void operation(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Operation operation =
        OperationId.parse(exchange.parameter("id"))
            .flatMap(id -> desk.engine().reader().operation(desk.tenant(), id))
            .orElseThrow(Problem::notFound);
    answer(exchange, 200, operation);
  }

  /** Answers with an operation, and when to look again if it goes on. */
  static void answer(Exchange exchange, int status, Operation operation) throws Exception {
    if (!operation.done()) {
      exchange.answerHeader("Retry-After", "1");
    }
    exchange.json(status, BulkJson.of(operation));
  }

  /** Answers that an operation was begun. */
  static void begun(Exchange exchange, Operation operation) throws Exception {
    exchange.answerHeader("Location", exchange.url("/v1/operations/" + operation.id()));
    answer(exchange, 202, operation);
  }
}
