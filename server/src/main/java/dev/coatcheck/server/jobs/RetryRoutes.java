package dev.coatcheck.server.jobs;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Fingerprint;
import dev.coatcheck.server.json.RawJson;
import dev.coatcheck.store.Reader.KnownWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code POST /v1/jobs/{id}/retry}: the job once more, as a new job. */
public final class RetryRoutes {

  private static final Set<String> MEMBERS =
      Set.of("worker", "input_patch", "run_timeout", "max_attempts", "force");
  private static final Payload NOTHING = Payload.utf8("{}");

  private final Desk desk;
  private final Intake intake;

  public RetryRoutes(Desk desk, Intake intake) {
    this.desk = desk;
    this.intake = intake;
  }

  public void retry(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    byte[] bytes = exchange.optionalJsonBody();
    Body body = Body.parse(bytes.length == 0 ? NOTHING.bytes() : bytes).members(MEMBERS);
    Job old = desk.find(exchange);
    List<Fault> faults = new ArrayList<>();
    Options changes = OptionsReader.read(body.node(), desk.engine().now(), faults);
    checkForce(body, faults);
    KnownWorker worker = worker(old, body, faults);
    requireDone(old);
    Payload input = patched(old, body);
    JsonNode value = Body.parse(input.bytes()).node();
    faults.addAll(desk.contracts().check(worker, value, "/input"));
    if (!faults.isEmpty()) {
      throw Desk.invalid(faults);
    }
    Idempotency key =
        IdempotencyKeys.read(
            exchange,
            () -> new Fingerprint().text("retry").text(old.id().toString()).json(body.node()));
    Options options = again(old, changes.runTimeout(), changes.maxAttempts());
    String name = worker.spec().name();
    FileReferences references = FileReferences.in(value, "/input");
    intake.answer(
        exchange,
        intake.submit(
            options.submission(
                desk.tenant(), name, compared(input, value), references.ids(), key, old.id()),
            references));
  }

  /**
   * Hands the job in once more, with another input.
   *
   * @throws Problem if the job is open, or the input breaks the worker's contract
   */
  public Intake.Taken retry(Job old, byte[] json) throws InterruptedException {
    requireDone(old);
    String name = old.worker();
    KnownWorker worker = desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
    Body input = Body.parse(json);
    List<Fault> faults = desk.contracts().check(worker, input.node(), "/input");
    if (!faults.isEmpty()) {
      throw Desk.invalid(faults);
    }
    Options options = again(old, null, null);
    FileReferences references = FileReferences.in(input.node(), "/input");
    return intake.submit(
        options.submission(
            desk.tenant(),
            name,
            compared(input.text(), input.node()),
            references.ids(),
            null,
            old.id()),
        references);
  }

  private static void requireDone(Job old) {
    if (!old.done()) {
      throw Problem.of(ProblemCode.JOB_NOT_DONE, "Only a finished job can be retried.")
          .job(old.id());
    }
  }

  private static Options again(
      Job old, @Nullable Duration runTimeout, @Nullable Integer maxAttempts) {
    return new Options(
        null,
        old.priority(),
        null,
        null,
        null,
        runTimeout,
        null,
        maxAttempts,
        old.lane(),
        CacheUse.USE,
        old.metadata());
  }

  private static Options.Input compared(Payload text, JsonNode value) {
    return new Options.Input(text, Payload.of(new Fingerprint().json(value).digest()));
  }

  private static Payload patched(Job old, Body body) {
    Payload input = Payload.of(RawJson.compact(old.input().bytes()));
    JsonNode patch = body.node().get("input_patch");
    return patch == null || patch.isNull()
        ? input
        : RawJson.merge(input, body.member("input_patch").orElse(NOTHING));
  }

  private static void checkForce(Body body, List<Fault> faults) {
    JsonNode force = body.node().path("force");
    if (!force.isMissingNode() && !force.isNull() && !force.isBoolean()) {
      faults.add(new Fault("/force", "must be true or false"));
    }
  }

  private KnownWorker worker(Job old, Body body, List<Fault> faults) {
    JsonNode named = body.node().path("worker");
    if (named.isMissingNode() || named.isNull()) {
      named = JsonNodeFactory.instance.stringNode(old.worker());
    } else if (!named.isString()) {
      faults.add(new Fault("/worker", "must be a string"));
      throw Desk.invalid(faults);
    }
    String name = named.stringValue();
    return desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
  }
}
