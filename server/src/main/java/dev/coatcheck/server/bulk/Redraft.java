package dev.coatcheck.server.bulk;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.operate.Drafter;
import dev.coatcheck.operation.Order;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.json.RawJson;
import dev.coatcheck.store.Reader.KnownWorker;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Repeats jobs with their input patched, if it then fits the worker that is to do them. */
public final class Redraft implements Drafter {

  private final WorkerContracts contracts;

  public Redraft(WorkerContracts contracts) {
    this.contracts = contracts;
  }

  @Override
  public Draft draft(Job old, Order.Redrive order) {
    String name = order.worker() == null ? old.worker() : order.worker();
    Optional<KnownWorker> worker = contracts.get(name);
    if (worker.isEmpty()) {
      return new Draft.Unfit("worker_not_found");
    }
    Payload input = patched(old, order);
    try {
      JsonNode value = Json.parse(input.bytes());
      if (!contracts.check(worker.get(), value, "").isEmpty()) {
        return new Draft.Unfit("input_invalid");
      }
      return new Draft.Ready(submission(old, name, input, FileReferences.in(value, "")));
    } catch (InvalidJsonException | Problem unfit) {
      return new Draft.Unfit("input_invalid");
    }
  }

  private static Payload patched(Job old, Order.Redrive order) {
    Payload input = Payload.of(RawJson.compact(old.input().bytes()));
    return order.patch() == null ? input : RawJson.merge(input, order.patch());
  }

  private static Submission submission(
      Job old, String worker, Payload input, FileReferences references) {
    return new Submission(
        old.tenant(),
        worker,
        input,
        null,
        old.priority(),
        null,
        null,
        null,
        null,
        null,
        null,
        old.lane(),
        old.metadata(),
        references.ids(),
        null,
        old.id(),
        CacheUse.USE,
        null);
  }
}
