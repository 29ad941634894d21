package dev.coatcheck.server.jobs;

import dev.coatcheck.Submitted;
import dev.coatcheck.SubmittedAll;
import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Submission;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Paths;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.json.JsonOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** {@code POST /v1/jobs:bulk}: many jobs in one call and one durable commit. */
public final class BulkRoutes {

  private static final String ATOMIC = "atomic";
  private static final int FAULTS_MAX = 100;

  /** Bodies that are being read or handed in, in times of the largest. */
  private static final int BODIES_MAX = 2;

  private final Desk desk;
  private final Intake intake;
  private final long limit;
  private final int itemLimit;
  private final AtomicLong taken = new AtomicLong();

  /**
   * The route.
   *
   * @param limit bytes of a body
   * @param itemLimit bytes of one item
   */
  public BulkRoutes(Desk desk, Intake intake, long limit, int itemLimit) {
    this.desk = desk;
    this.intake = intake;
    this.limit = limit;
    this.itemLimit = itemLimit;
  }

  /** An item of the body. */
  private sealed interface Item {

    /** Keeps to the contract. */
    record Read(Submission submission, FileReferences references) implements Item {}

    /** Does not, or was not taken. */
    record Refused(Problem problem) implements Item {}

    /** A job stands for it. */
    record Done(Intake.Taken taken) implements Item {}
  }

  public void bulk(Exchange exchange) throws Exception {
    boolean atomic = atomic(exchange.query().only(Set.of(ATOMIC), null));
    desk.refuseWhenDraining();
    if (!exchange.rawHeaders("Idempotency-Key").isEmpty()) {
      throw Problem.of(
          ProblemCode.IDEMPOTENCY_KEY_INVALID,
          "Of many jobs each has its own key, as its member idempotency_key.");
    }
    long length = exchange.length() < 0 ? limit : Math.min(limit, exchange.length());
    if (taken.addAndGet(length) > BODIES_MAX * limit) {
      taken.addAndGet(-length);
      throw Problem.of(ProblemCode.OVERLOADED, "Too many large bodies are being read.")
          .retryAfter(Duration.ofSeconds(1));
    }
    try {
      answer(exchange, atomic ? all(exchange) : each(exchange));
    } finally {
      taken.addAndGet(-length);
    }
  }

  private static boolean atomic(Query query) {
    String text = query.get(ATOMIC).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw Problem.at(ProblemCode.VALIDATION_FAILED, "?" + ATOMIC, "must be true or false");
    }
    return text.equals("true");
  }

  private List<Item> read(Exchange exchange) throws InterruptedException {
    return BulkBody.read(exchange, limit).stream().map(this::read).toList();
  }

  private Item read(byte[] text) {
    if (text.length > itemLimit) {
      return new Item.Refused(
          Problem.of(
              ProblemCode.PAYLOAD_TOO_LARGE, "The item has more than " + itemLimit + " bytes."));
    }
    try {
      Body body = BulkBody.item(text);
      Intake.Order order = intake.readItem(body);
      Idempotency key = IdempotencyKeys.read(body, order::fingerprint);
      return new Item.Read(intake.submission(order, key), order.references());
    } catch (Problem problem) {
      return new Item.Refused(problem);
    }
  }

  /** Each item by itself: what is wrong with one is told in its place and harms no other. */
  private List<Item> each(Exchange exchange) throws InterruptedException {
    List<Item> items = read(exchange);
    List<Submission> submissions = submissions(items);
    Iterator<Submitted> answers = desk.engine().submitEach(submissions).iterator();
    return items.stream()
        .map(item -> item instanceof Item.Read read ? answered(read, answers.next()) : item)
        .toList();
  }

  private Item answered(Item.Read read, Submitted answer) {
    try {
      return new Item.Done(intake.taken(answer, read.submission().worker(), read.references()));
    } catch (Problem problem) {
      return new Item.Refused(problem);
    }
  }

  private static List<Submission> submissions(List<Item> items) {
    List<Submission> submissions = new ArrayList<>(items.size());
    for (Item item : items) {
      if (item instanceof Item.Read read) {
        submissions.add(read.submission());
      }
    }
    return submissions;
  }

  /** All items or none. */
  private List<Item> all(Exchange exchange) throws InterruptedException {
    List<Item> items = read(exchange);
    List<Fault> faults = new ArrayList<>();
    for (int place = 0; place < items.size() && faults.size() < FAULTS_MAX; place++) {
      if (items.get(place) instanceof Item.Refused(Problem problem)) {
        faults.addAll(placed(problem, place));
      }
    }
    if (!faults.isEmpty()) {
      throw Desk.invalid(faults);
    }
    return switch (desk.engine().submitAll(submissions(items))) {
      case SubmittedAll.All(List<Submitted> answers) -> {
        List<Item> done = new ArrayList<>(items.size());
        for (int place = 0; place < items.size(); place++) {
          done.add(answered((Item.Read) items.get(place), answers.get(place)));
        }
        yield done;
      }
      case SubmittedAll.None(int place, Submitted refusal) ->
          throw refused(items.get(place), place, refusal);
    };
  }

  /** What stood in the way of all of them. */
  private Problem refused(Item item, int place, Submitted refusal) {
    Item answer = answered((Item.Read) item, refusal);
    if (!(answer instanceof Item.Refused(Problem problem))) {
      throw new IllegalStateException("a submission that was taken refused the others");
    }
    return problem.status() == ProblemCode.QUEUE_FULL.status()
        ? problem
        : Problem.of(
            problem.status() == 422 ? problem.code() : ProblemCode.VALIDATION_FAILED,
            placed(problem, place));
  }

  private static List<Fault> placed(Problem problem, int place) {
    String prefix = "/jobs/" + place;
    if (problem.faults().isEmpty()) {
      return List.of(new Fault(prefix, problem.detail()));
    }
    return problem.faults().stream()
        .map(fault -> new Fault(prefix + fault.pointer(), fault.detail()))
        .toList();
  }

  private static void answer(Exchange exchange, List<Item> items) throws Exception {
    long rejected = items.stream().filter(Item.Refused.class::isInstance).count();
    String instance = Paths.shown(exchange.path());
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.number("accepted", items.size() - rejected);
          out.number("rejected", rejected);
          out.array(
              "results",
              results -> {
                for (int index = 0; index < items.size(); index++) {
                  int place = index;
                  results.item(
                      one -> write(one, place, items.get(place), instance, exchange.requestId()));
                }
              });
        }));
  }

  private static void write(JsonOut out, int index, Item item, String instance, String requestId) {
    out.number("index", index);
    switch (item) {
      case Item.Done(Intake.Taken taken) -> {
        Job job = taken.job();
        out.number("status", taken.existing() || job.done() ? 200 : 202);
        out.object(
            "job",
            inner ->
                inner
                    .string("id", job.id().toString())
                    .string("status", job.status().wire())
                    .bool("existing", taken.existing()));
      }
      case Item.Refused(Problem problem) -> {
        out.number("status", problem.status());
        out.object("error", error -> problem.write(error, instance, requestId));
      }
      case Item.Read read -> throw new IllegalStateException("not handed in");
    }
  }
}
