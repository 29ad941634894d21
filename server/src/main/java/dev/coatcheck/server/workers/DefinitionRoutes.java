package dev.coatcheck.server.workers;

import dev.coatcheck.Engine;
import dev.coatcheck.job.Names;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.worker.WorkerSpec;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Defining workers, taking them out of use, stopping them for a while. */
public final class DefinitionRoutes {

  private static final String SOURCE = "api";

  private final Engine engine;
  private final WorkerContracts contracts;

  public DefinitionRoutes(Desk desk) {
    this.engine = desk.engine();
    this.contracts = desk.contracts();
  }

  /** {@code PUT /v1/workers/{worker}}. */
  public void put(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    String name = exchange.parameter("worker");
    if (!Names.valid(name)) {
      throw Problem.of(
          ProblemCode.VALIDATION_FAILED, "The name of a worker must match " + Names.PATTERN + ".");
    }
    requireOurs(name);
    WorkerSpec spec = WorkerDocument.read(name, exchange.jsonBody());
    boolean created = engine.define(spec, SOURCE).created();
    answer(exchange, created ? 201 : 200, name);
  }

  /** {@code DELETE /v1/workers/{worker}}. */
  public void delete(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    String name = exchange.parameter("worker");
    requireOurs(name);
    switch (engine.remove(name)) {
      case Result.Removed removed -> exchange.empty(204);
      case Result.InUse(long open) ->
          throw Problem.of(
                  ProblemCode.WORKER_IN_USE,
                  "There are " + open + " open jobs of the worker; cancel them first.")
              .with(out -> out.number("open", open));
      case Result.NoSuchWorker none -> throw Desk.workerNotFound(name);
    }
  }

  /** {@code POST /v1/workers/{worker}/pause}: its jobs do not start; those that run are left. */
  public void pause(Exchange exchange) throws Exception {
    set(exchange, true);
  }

  /** {@code POST /v1/workers/{worker}/resume}. */
  public void resume(Exchange exchange) throws Exception {
    set(exchange, false);
  }

  private void set(Exchange exchange, boolean paused) throws Exception {
    exchange.query().only(Set.of(), null);
    Faults faults = new Faults();
    Members.of(exchange.optionalJsonBody(), Set.of(), faults);
    faults.check();
    String name = exchange.parameter("worker");
    pause(name, paused);
    answer(exchange, 200, name);
  }

  /**
   * Stops or lets go on the starting of a worker's jobs.
   *
   * @throws Problem if there is no such worker
   */
  public void pause(String name, boolean paused) throws InterruptedException {
    switch (engine.pause(name, paused)) {
      case Result.PauseSet set -> {}
      case Result.NoSuchWorker none -> throw Desk.workerNotFound(name);
    }
  }

  private void requireOurs(String name) {
    Optional<KnownWorker> present = contracts.get(name);
    if (present.isPresent() && !present.get().source().equals(SOURCE)) {
      throw Problem.of(
          ProblemCode.WORKER_READ_ONLY,
          name + " is a worker of source " + present.get().source() + " and cannot be replaced.");
    }
  }

  private void answer(Exchange exchange, int status, String name) throws IOException {
    KnownWorker worker = contracts.get(name).orElseThrow(() -> Desk.workerNotFound(name));
    exchange.json(status, JsonOut.object(out -> WorkerJson.write(out, engine, worker)));
  }
}
