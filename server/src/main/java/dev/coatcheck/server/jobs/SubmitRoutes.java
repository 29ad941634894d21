package dev.coatcheck.server.jobs;

import dev.coatcheck.Submitted;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.files.FormInput;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Fingerprint;
import dev.coatcheck.submit.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Handing jobs in. */
public final class SubmitRoutes {

  private static final Set<String> MEMBERS = members();
  private static final Set<String> INTEGERS = Set.of("priority", "max_attempts");
  private static final String METADATA = "metadata.";

  private final Desk desk;
  private final FileDesk files;

  public SubmitRoutes(Desk desk, FileDesk files) {
    this.desk = desk;
    this.files = files;
  }

  /** {@code POST /v1/jobs}: worker, input and options are members of the body. */
  public void submit(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    Body body = Body.parse(exchange.jsonBody()).members(MEMBERS);
    List<Fault> faults = new ArrayList<>();
    Options options = OptionsReader.read(body.node(), desk.engine().now(), faults);
    Catalog.Entry worker = worker(body.node().get("worker"), faults);
    Payload input = body.member("input").orElse(null);
    if (input == null) {
      faults.add(new Fault("/input", "is required"));
      throw Desk.invalid(faults);
    }
    faults.addAll(desk.contracts().check(worker, body.node().get("input"), "/input"));
    JsonNode value = body.node().get("input");
    FileReferences references = FileReferences.in(value, "/input");
    accept(exchange, new Order(worker, value, input, references, options), faults);
  }

  /**
   * {@code POST /v1/workers/{worker}/jobs}: the body is the input, as JSON or as a form whose parts
   * are its members; options are parameters.
   */
  public void submitToWorker(Exchange exchange) throws Exception {
    Set<String> known = new HashSet<>(Options.NAMES);
    known.remove("metadata");
    exchange.query().only(known, METADATA);
    desk.refuseWhenDraining();
    String name = exchange.parameter("worker");
    Catalog.Entry worker = desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
    List<Fault> faults = new ArrayList<>();
    Options options =
        OptionsReader.read(parameters(exchange.query().all()), desk.engine().now(), faults);
    Input input = input(exchange, worker);
    faults.addAll(desk.contracts().check(worker, input.value(), ""));
    FileReferences references = FileReferences.in(input.value(), "");
    accept(
        exchange, new Order(worker, input.likeness(), input.text(), references, options), faults);
  }

  /**
   * An input as it was sent.
   *
   * @param likeness what is equal for equal requests
   */
  private record Input(JsonNode value, JsonNode likeness, Payload text) {}

  private Input input(Exchange exchange, Catalog.Entry worker) throws InterruptedException {
    if (FormInput.given(exchange)) {
      FormInput form = FormInput.read(exchange, files, desk.contracts().inputSchema(worker));
      return new Input(form.value(), form.likeness(), Payload.utf8(form.value().toString()));
    }
    Body body = Body.parse(exchange.jsonBody());
    return new Input(body.node(), body.node(), body.text());
  }

  /**
   * A submission that has been read.
   *
   * @param likeness the input, as far as it tells whether two submissions are the same
   */
  private record Order(
      Catalog.Entry worker,
      JsonNode likeness,
      Payload input,
      FileReferences references,
      Options options) {

    Fingerprint fingerprint() {
      return options.addTo(new Fingerprint().text(worker.spec().name()).json(likeness));
    }
  }

  private void accept(Exchange exchange, Order order, List<Fault> faults) throws Exception {
    Idempotency key = IdempotencyKeys.read(exchange, order::fingerprint);
    if (!faults.isEmpty()) {
      throw Desk.invalid(faults);
    }
    Submission submission =
        order
            .options()
            .submission(
                desk.tenant(),
                order.worker().spec().name(),
                order.input(),
                order.references().ids(),
                key,
                null);
    submit(exchange, submission, order.references());
  }

  /** Submits and answers. */
  void submit(Exchange exchange, Submission submission, FileReferences references)
      throws Exception {
    switch (desk.engine().submit(submission)) {
      case Submitted.Created(Job job) -> {
        desk.metrics().submitted(job.worker());
        answer(exchange, desk.await(exchange, job), false);
      }
      case Submitted.Replayed(Job job) -> {
        exchange.answerHeader("Idempotency-Replayed", "true");
        answer(exchange, desk.await(exchange, job), false);
      }
      case Submitted.Existing(Job job) -> answer(exchange, desk.await(exchange, job), true);
      case Submitted.Gone(var id) -> throw Problem.gone(id);
      case Submitted.KeyReused(var id) ->
          throw Problem.of(
                  ProblemCode.IDEMPOTENCY_KEY_REUSED,
                  "The idempotency key was used for another worker, input or options.")
              .job(id);
      case Submitted.NoSuchFile(var file) -> throw references.missing(file);
      case Submitted.QueueFull(var limit) -> throw queueFull(submission.worker(), limit);
      case Submitted.NoSuchWorker(var name) -> throw Desk.workerNotFound(name);
    }
  }

  private void answer(Exchange exchange, Job job, boolean existing) throws Exception {
    exchange.answerHeader("Location", exchange.url("/v1/jobs/" + job.id()));
    JobJson.Form form = existing ? JobJson.Form.EXISTING : JobJson.Form.WHOLE;
    desk.answer(exchange, existing || job.done() ? 200 : 202, job, form);
  }

  private static Problem queueFull(String worker, int limit) {
    return Problem.of(
            ProblemCode.QUEUE_FULL,
            "The worker " + worker + " has " + limit + " queued jobs and takes no more now.")
        .retryAfter(Duration.ofSeconds(5))
        .header("RateLimit-Policy", "\"queue\";q=" + limit)
        .header("RateLimit", "\"queue\";r=0;t=5");
  }

  private Catalog.Entry worker(@Nullable JsonNode node, List<Fault> faults) {
    if (node == null || !node.isString()) {
      faults.add(new Fault("/worker", node == null ? "is required" : "must be a string"));
      throw Desk.invalid(faults);
    }
    String name = node.stringValue();
    return desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
  }

  /** Parameters in the form of the body's members. */
  private static ObjectNode parameters(Map<String, String> parameters) {
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    parameters.forEach((name, value) -> {
      if (name.startsWith(METADATA)) {
        metadata.put(name.substring(METADATA.length()), value);
      } else if (INTEGERS.contains(name) && value.matches("-?\\d{1,9}")) {
        members.put(name, Integer.parseInt(value));
      } else {
        members.put(name, value);
      }
    });
    if (!metadata.isEmpty()) {
      members.set("metadata", metadata);
    }
    return members;
  }

  private static Set<String> members() {
    Set<String> members = new HashSet<>(Options.NAMES);
    members.addAll(Set.of("worker", "input"));
    return Set.copyOf(members);
  }
}
