package dev.coatcheck.server.jobs;

import dev.coatcheck.Submitted;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.Fingerprint;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads submissions, checks them, hands them in. */
public final class Intake {

  private static final Set<String> MEMBERS = members(Set.of("worker", "input"));
  private static final Set<String> ITEM_MEMBERS =
      members(Set.of("worker", "input", IdempotencyKeys.MEMBER));

  private final Desk desk;

  public Intake(Desk desk) {
    this.desk = desk;
  }

  /**
   * The job that a submission stands for.
   *
   * @param existing whether it was there before, by its unique key
   * @param replayed whether it was there before, by its idempotency key
   */
  public record Taken(Job job, boolean existing, boolean replayed) {}

  /**
   * A submission that has been read.
   *
   * @param likeness the input, as far as it tells whether two submissions are the same
   */
  record Order(
      KnownWorker worker,
      JsonNode likeness,
      Payload input,
      FileReferences references,
      Options options,
      List<Fault> faults) {

    /** Digest that is equal for equal inputs, where the worker has a use for it. */
    @Nullable Payload digest() {
      WorkerSpec spec = worker.spec();
      return spec.coalesces() || spec.cacheTtl() != null
          ? Payload.of(new Fingerprint().json(likeness).digest())
          : null;
    }

    Fingerprint fingerprint() {
      return options.addTo(new Fingerprint().text(worker.spec().name()).json(likeness));
    }
  }

  /**
   * Hands in what a body of {@code POST /v1/jobs} says.
   *
   * @throws Problem if it is refused
   */
  public Taken submit(byte[] body) throws InterruptedException {
    return accept(read(Body.parse(body)), null);
  }

  /** Reads a body whose members are worker, input and options. */
  Order read(Body body) {
    return read(body, MEMBERS);
  }

  /** Reads an item of many, which may also have an idempotency key. */
  Order readItem(Body body) {
    return read(body, ITEM_MEMBERS);
  }

  private Order read(Body body, Set<String> members) {
    body.members(members);
    List<Fault> faults = new ArrayList<>();
    Options options = OptionsReader.read(body.node(), desk.engine().now(), faults);
    KnownWorker worker = worker(body.node().get("worker"), faults);
    Payload input = body.member("input").orElse(null);
    if (input == null) {
      faults.add(new Fault("/input", "is required"));
      throw Desk.invalid(faults);
    }
    JsonNode value = body.node().get("input");
    faults.addAll(desk.contracts().check(worker, value, "/input"));
    FileReferences references = FileReferences.in(value, "/input");
    return new Order(worker, value, input, references, options, faults);
  }

  Taken accept(Order order, @Nullable Idempotency key) throws InterruptedException {
    return submit(submission(order, key), order.references());
  }

  /**
   * What an order hands in.
   *
   * @throws Problem if it breaks the contract
   */
  Submission submission(Order order, @Nullable Idempotency key) {
    if (!order.faults().isEmpty()) {
      throw Desk.invalid(order.faults());
    }
    String worker = order.worker().spec().name();
    List<FileId> files = order.references().ids();
    Options.Input input = new Options.Input(order.input(), order.digest());
    return order.options().submission(desk.tenant(), worker, input, files, key, null);
  }

  /** Hands in what has been checked, and tells where it names a file that there is not. */
  Taken submit(Submission submission, FileReferences references) throws InterruptedException {
    desk.refuseWhenDraining();
    return taken(desk.engine().submit(submission), submission.worker(), references);
  }

  /** Hands in a job of a schedule by hand, and answers with it. */
  public void run(Exchange exchange, Schedule schedule) throws Exception {
    Idempotency key =
        IdempotencyKeys.read(exchange, () -> new Fingerprint().text("run").text(schedule.name()));
    answer(exchange, run(schedule, key));
  }

  /** Hands in a job of a schedule by hand. */
  public Taken run(Schedule schedule, @Nullable Idempotency key) throws InterruptedException {
    desk.refuseWhenDraining();
    Submission work = schedule.work();
    JsonNode input = Body.parse(work.input().bytes()).node();
    FileReferences references = FileReferences.in(input, "/input");
    return taken(desk.engine().run(schedule, key), work.worker(), references);
  }

  /**
   * The job that stands for a submission.
   *
   * @throws Problem if it was refused
   */
  Taken taken(Submitted submitted, String worker, FileReferences references) {
    return switch (submitted) {
      case Submitted.Created(Job job) -> {
        desk.metrics().submitted(job.worker());
        yield new Taken(job, false, false);
      }
      case Submitted.Replayed(Job job) -> new Taken(job, false, true);
      case Submitted.Existing(Job job) -> new Taken(job, true, false);
      case Submitted.Gone(var id) -> throw Problem.gone(id);
      case Submitted.KeyReused(var id) ->
          throw Problem.of(
                  ProblemCode.IDEMPOTENCY_KEY_REUSED,
                  "The idempotency key was used for another worker, input or options.")
              .job(id);
      case Submitted.NoSuchFile(var file) -> throw references.missing(file);
      case Submitted.QueueFull(var limit) -> throw queueFull(worker, limit);
      case Submitted.NoSuchWorker(var name) -> throw Desk.workerNotFound(name);
    };
  }

  /** Answers with the job that a submission stands for. */
  void answer(Exchange exchange, Intake.Taken taken) throws Exception {
    if (taken.replayed()) {
      exchange.answerHeader("Idempotency-Replayed", "true");
    }
    Job job = desk.await(exchange, taken.job());
    exchange.answerHeader("Location", exchange.url("/v1/jobs/" + job.id()));
    JobJson.Form form = taken.existing() ? JobJson.Form.EXISTING : JobJson.Form.WHOLE;
    desk.answer(exchange, taken.existing() || job.done() ? 200 : 202, job, form);
  }

  private static Problem queueFull(String worker, int limit) {
    return Problem.of(
            ProblemCode.QUEUE_FULL,
            "The worker " + worker + " has " + limit + " queued jobs and takes no more now.")
        .retryAfter(Duration.ofSeconds(5))
        .header("RateLimit-Policy", "\"queue\";q=" + limit)
        .header("RateLimit", "\"queue\";r=0;t=5");
  }

  private KnownWorker worker(@Nullable JsonNode node, List<Fault> faults) {
    if (node == null || !node.isString()) {
      faults.add(new Fault("/worker", node == null ? "is required" : "must be a string"));
      throw Desk.invalid(faults);
    }
    String name = node.stringValue();
    return desk.contracts().get(name).orElseThrow(() -> Desk.workerNotFound(name));
  }

  private static Set<String> members(Set<String> besideOptions) {
    Set<String> members = new HashSet<>(Options.NAMES);
    members.addAll(besideOptions);
    return Set.copyOf(members);
  }
}
