package dev.coatcheck.server.runners;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Standing;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.json.RawJson;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * {@code POST /v1/leases/{token}/complete}: the work is done. An output that is too large or breaks
 * the worker's contract ends the attempt all the same, as failed: the runner has no other to give.
 */
public final class CompleteRoutes {

  private static final Set<String> MEMBERS = Set.of("output", "usage", "files");
  private static final String FILES = "files";
  private static final Payload NULL = Payload.utf8("null");
  private static final int FILES_MAX = 1_000;

  /** Bytes of a body beside the output. */
  private static final int REST_MAX = 64 * 1024;

  private final Desk desk;
  private final Lender lender;
  private final int outputMax;

  /**
   * The routes.
   *
   * @param outputMax bytes of an output
   */
  public CompleteRoutes(Desk desk, int outputMax) {
    this.desk = desk;
    this.lender = desk.engine().lender();
    this.outputMax = outputMax;
  }

  /** What a runner made. */
  private record Work(JsonNode value, Payload output, Usage usage, List<FileId> files) {}

  public void complete(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Work work = read(lease, body(exchange, lease));
    if (lender.standing(lease) instanceof Standing.Held held) {
      checkOutput(lease, held, work);
    }
    Outcome.Succeeded outcome = new Outcome.Succeeded(work.output(), work.usage(), work.files());
    switch (lender.complete(lease, outcome)) {
      case Result.Settled settled -> {}
      case Result.NoSuchFile(FileId file) -> throw noSuchFile(work, file);
      case Result.LeaseLost lost -> requireSame(lease, work);
    }
    exchange.json(
        200,
        JsonOut.object(out ->
            out.string("job_id", lease.job().toString())
                .string("status", JobStatus.SUCCEEDED.wire())));
  }

  private byte[] body(Exchange exchange, LeaseToken lease) throws InterruptedException {
    try {
      return exchange.jsonBody((long) outputMax + REST_MAX);
    } catch (Problem problem) {
      // Nothing but the output can be as large.
      throw problem.code() == ProblemCode.PAYLOAD_TOO_LARGE ? tooLarge(lease).closing() : problem;
    }
  }

  private Work read(LeaseToken lease, byte[] bytes) throws InterruptedException {
    Faults faults = new Faults();
    Members body = Members.of(bytes, MEMBERS, faults);
    Usage usage = UsageReader.read(body);
    List<FileId> files = files(body);
    faults.check();
    Payload output = body.raw("output").orElse(NULL);
    if (output.size() > outputMax) {
      throw tooLarge(lease);
    }
    JsonNode value = body.get("output");
    return new Work(
        value == null ? JsonNodeFactory.instance.nullNode() : value, output, usage, files);
  }

  private static List<FileId> files(Members body) {
    Set<FileId> files = new LinkedHashSet<>();
    List<String> given = body.strings(FILES, FILES_MAX);
    for (int i = 0; i < given.size(); i++) {
      Optional<FileId> id = FileId.parse(given.get(i));
      if (id.isEmpty()) {
        body.fault(FILES, i, "is not the id of a file");
      } else if (!files.add(id.get())) {
        body.fault(FILES, i, "is named twice");
      }
    }
    return List.copyOf(files);
  }

  private Problem tooLarge(LeaseToken lease) throws InterruptedException {
    String detail = "the output has more than " + outputMax + " bytes";
    fail(lease, WorkFailure.permanent(ErrorCode.OUTPUT_TOO_LARGE, detail));
    return Problem.at(ProblemCode.OUTPUT_TOO_LARGE, "/output", detail).job(lease.job());
  }

  private void checkOutput(LeaseToken lease, Standing.Held held, Work work)
      throws InterruptedException {
    List<Fault> faults =
        desk.contracts().checkOutput(held.worker(), held.workerVersion(), work.value(), "/output");
    if (!faults.isEmpty()) {
      Problem problem = Problem.of(ProblemCode.OUTPUT_INVALID, faults).job(lease.job());
      fail(lease, WorkFailure.retryable(ErrorCode.OUTPUT_INVALID, problem.detail()));
      throw problem;
    }
  }

  private void fail(LeaseToken lease, WorkFailure failure) throws InterruptedException {
    if (lender.fail(lease, failure) instanceof Result.LeaseLost) {
      throw Leases.lost(lease);
    }
  }

  private static Problem noSuchFile(Work work, FileId file) {
    return Problem.at(
        ProblemCode.VALIDATION_FAILED,
        "/files/" + work.files().indexOf(file),
        "there is no file " + file + ", or no longer");
  }

  /** Throws a problem unless this very lease ended with this very output before. */
  private void requireSame(LeaseToken lease, Work work) {
    if (!(lender.standingNow(lease) instanceof Standing.Ended ended)
        || ended.state() != Attempt.State.SUCCEEDED
        || !(desk.engine().reader().job(ended.tenant(), lease.job()) instanceof Lookup.Found found)
        || !same(found.job(), work.output())) {
      throw Leases.lost(lease);
    }
  }

  private static boolean same(Job job, Payload output) {
    Payload stored = job.output();
    return stored != null && Payload.of(RawJson.compact(stored.bytes())).equals(output);
  }
}
