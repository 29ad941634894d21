package dev.coatcheck.server.workers;

import dev.coatcheck.Engine;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.KnownWorker;
import java.util.List;
import java.util.Set;

/** The workers that jobs can be handed to. */
public final class WorkerRoutes {

  private final Engine engine;
  private final WorkerContracts contracts;

  public WorkerRoutes(Engine engine, WorkerContracts contracts) {
    this.engine = engine;
    this.contracts = contracts;
  }

  /** {@code GET /v1/workers}. */
  public void list(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    List<KnownWorker> all = contracts.all();
    exchange.json(
        200,
        JsonOut.object(out ->
            out.array(
                    "data",
                    items ->
                        all.forEach(
                            each -> items.item(item -> WorkerJson.write(item, engine, each))))
                .nil("next_cursor")
                .bool("has_more", false)));
  }

  /** {@code GET /v1/workers/{worker}}. */
  public void worker(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    String name = exchange.parameter("worker");
    KnownWorker worker =
        contracts
            .get(name)
            .orElseThrow(
                () -> Problem.of(ProblemCode.WORKER_NOT_FOUND, "There is no such worker."));
    exchange.json(200, JsonOut.object(out -> WorkerJson.write(out, engine, worker)));
  }
}
