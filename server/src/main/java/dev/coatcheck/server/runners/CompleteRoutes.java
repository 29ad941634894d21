package dev.coatcheck.server.runners;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Paths;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.json.JsonOut;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The work is done: {@code POST /v1/leases/{token}/complete} for one lease, and {@code POST
 * /v1/leases:complete} for many, each of which is checked and answered as if it had come alone.
 */
public final class CompleteRoutes {

  private static final String COMPLETIONS = "completions";
  private static final Set<String> MEMBERS = Set.of(COMPLETIONS);
  private static final int MANY_MAX = 1_000;

  /** Bytes of a body beside the output. */
  private static final int REST_MAX = 64 * 1024;

  private final Completer completer;
  private final int outputMax;

  /**
   * The routes.
   *
   * @param outputMax bytes of an output
   */
  public CompleteRoutes(Desk desk, int outputMax) {
    this.completer = new Completer(desk, outputMax);
    this.outputMax = outputMax;
  }

  /** What came of one item of many. */
  private sealed interface Item {

    /** Recorded, now or before. */
    record Taken(JobId job) implements Item {}

    /** Not recorded as a success. */
    record Refused(Problem problem) implements Item {}

    /** Reads as it should; what comes of it is not known yet. */
    record Read(Completion completion) implements Item {}
  }

  /** Ends one lease. */
  public void complete(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Completion completion = CompletionReader.read(lease, body(exchange, lease));
    Optional<Problem> problem = completer.complete(List.of(completion)).getFirst();
    if (problem.isPresent()) {
      throw problem.get();
    }
    exchange.json(200, JsonOut.object(out -> taken(out, lease.job())));
  }

  private byte[] body(Exchange exchange, LeaseToken lease) throws InterruptedException {
    try {
      return exchange.jsonBody((long) outputMax + REST_MAX);
    } catch (Problem problem) {
      // Nothing but the output can be as large.
      throw problem.code() == ProblemCode.PAYLOAD_TOO_LARGE
          ? completer.tooLarge(lease).closing()
          : problem;
    }
  }

  /** Ends many leases; what is wrong with one is told in its place and harms no other. */
  public void completeMany(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Faults faults = new Faults();
    Members members = Members.of(exchange.jsonBody(), MEMBERS, faults).require(COMPLETIONS);
    List<Body> bodies = members.bodies(COMPLETIONS, MANY_MAX);
    faults.check();
    List<Item> items = settled(bodies.stream().map(CompleteRoutes::read).toList());
    String instance = Paths.shown(exchange.path());
    exchange.json(
        200,
        JsonOut.object(out ->
            out.array(
                "data",
                data ->
                    items.forEach(item ->
                        data.item(one -> write(one, item, instance, exchange.requestId()))))));
  }

  private static Item read(Body body) {
    try {
      return new Item.Read(CompletionReader.read(body));
    } catch (Problem problem) {
      return new Item.Refused(problem);
    }
  }

  private List<Item> settled(List<Item> items) throws InterruptedException {
    List<Completion> completions = new ArrayList<>(items.size());
    for (Item item : items) {
      if (item instanceof Item.Read(Completion completion)) {
        completions.add(completion);
      }
    }
    Iterator<Optional<Problem>> problems = completer.complete(completions).iterator();
    return items.stream()
        .map(item ->
            item instanceof Item.Read(Completion completion)
                ? problems
                    .next()
                    .<Item>map(Item.Refused::new)
                    .orElseGet(() -> new Item.Taken(completion.lease().job()))
                : item)
        .toList();
  }

  private static void write(JsonOut out, Item item, String instance, String requestId) {
    switch (item) {
      case Item.Taken(JobId job) -> taken(out, job);
      case Item.Refused(Problem problem) -> problem.write(out, instance, requestId);
      case Item.Read read -> throw new IllegalStateException("not settled");
    }
  }

  private static void taken(JsonOut out, JobId job) {
    out.string("job_id", job.toString()).string("status", JobStatus.SUCCEEDED.wire());
  }
}
