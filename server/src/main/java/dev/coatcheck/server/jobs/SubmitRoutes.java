package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.files.FormInput;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.store.Reader.KnownWorker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Handing jobs in. */
public final class SubmitRoutes {

  private static final Set<String> INTEGERS = Set.of("priority", "max_attempts");
  private static final String METADATA = "metadata.";

  private final Desk desk;
  private final Intake intake;
  private final FileDesk files;

  public SubmitRoutes(Desk desk, Intake intake, FileDesk files) {
    this.desk = desk;
    this.intake = intake;
    this.files = files;
  }

  /** {@code POST /v1/jobs}: worker, input and options are members of the body. */
  public void submit(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    desk.refuseWhenDraining();
    accept(exchange, intake.read(Body.parse(exchange.jsonBody())));
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
    KnownWorker worker = desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
    List<Fault> faults = new ArrayList<>();
    Options options =
        OptionsReader.read(parameters(exchange.query().all()), desk.engine().now(), faults);
    Input input = input(exchange, worker);
    faults.addAll(desk.contracts().check(worker, input.value(), ""));
    FileReferences references = FileReferences.in(input.value(), "");
    accept(
        exchange,
        new Intake.Order(worker, input.likeness(), input.text(), references, options, faults));
  }

  /**
   * An input as it was sent.
   *
   * @param likeness what is equal for equal requests
   */
  private record Input(JsonNode value, JsonNode likeness, Payload text) {}

  private Input input(Exchange exchange, KnownWorker worker) throws InterruptedException {
    if (FormInput.given(exchange)) {
      FormInput form = FormInput.read(exchange, files, desk.contracts().inputSchema(worker));
      return new Input(form.value(), form.likeness(), Payload.utf8(form.value().toString()));
    }
    Body body = Body.parse(exchange.jsonBody());
    return new Input(body.node(), body.node(), body.text());
  }

  private void accept(Exchange exchange, Intake.Order order) throws Exception {
    Idempotency key = IdempotencyKeys.read(exchange, order::fingerprint);
    intake.answer(exchange, intake.accept(order, key));
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
}
