package dev.coatcheck.server.jobs;

import dev.coatcheck.Engine;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.server.contract.WorkerContracts;
import dev.coatcheck.server.files.FileDesk;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Preference;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Waits;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.metrics.Metrics;
import dev.coatcheck.store.Reader.Lookup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the routes of jobs share.
 *
 * @param waits whose end is the end of all waiting
 */
public record Desk(
    Engine engine, WorkerContracts contracts, FileDesk files, Waits waits, Metrics metrics) {

  public TenantId tenant() {
    return TenantId.DEFAULT;
  }

  /** Whether the server is about to stop. */
  public boolean draining() {
    return waits.ended() || engine.stopping();
  }

  /** Throws a problem if the server is about to stop. */
  public void refuseWhenDraining() {
    if (draining()) {
      throw Problem.of(ProblemCode.DRAINING, "The server is stopping and takes no more jobs.")
          .retryAfter(Duration.ofSeconds(5));
    }
  }

  /** The id in the path. */
  public static JobId id(Exchange exchange) {
    return JobId.parse(exchange.parameter("id")).orElseThrow(Problem::notFound);
  }

  /** The job that the path names. */
  public Job find(Exchange exchange) {
    JobId id = id(exchange);
    return found(id, engine.reader().job(tenant(), id));
  }

  Job found(JobId id, Lookup lookup) {
    return switch (lookup) {
      case Lookup.Found(Job job) -> job;
      case Lookup.Gone gone -> throw Problem.gone(id);
      case Lookup.Unknown unknown -> throw missing(id);
    };
  }

  /** The problem of a job that there is not. */
  Problem missing(JobId id) {
    return engine.restores().stream()
        .filter(restore -> restore.mayHaveLost(id))
        .findFirst()
        .map(restore ->
            Problem.of(
                ProblemCode.NOT_FOUND,
                "There is no such job. The server was restored from a backup of "
                    + JsonOut.text(restore.cutAt())
                    + ": if the job was handed in after that, it is lost; hand it in again."))
        .orElseGet(Problem::notFound);
  }

  /** Waits for the end of the job as long as the request prefers. */
  Job await(Exchange exchange, Job job) throws Exception {
    Optional<Duration> wait = Preference.wait(exchange.rawHeaders("Prefer"));
    if (wait.isEmpty()) {
      return job;
    }
    exchange.answerHeader("Preference-Applied", "wait=" + wait.get().toSeconds());
    if (job.done() || wait.get().isZero()) {
      return job;
    }
    JobId id = job.id();
    Optional<Lookup> seen = waits.during(() -> engine.await(tenant(), id, wait.get()));
    return found(id, seen.orElseGet(() -> engine.reader().job(tenant(), id)));
  }

  /** Answers with a job: its body, and when to look again if it is open. */
  void answer(Exchange exchange, int status, Job job, JobJson.Form form) throws Exception {
    JobFacts facts = JobFacts.of(this, job);
    retryAfter(exchange, facts);
    exchange.json(status, JobJson.of(job, facts, exchange.url(""), form));
  }

  /** Tells when to look again, if the job is open. */
  public void retryAfter(Exchange exchange, Job job) {
    retryAfter(exchange, JobFacts.of(this, job));
  }

  static void retryAfter(Exchange exchange, JobFacts facts) {
    Duration poll = facts.nextPoll();
    if (poll != null) {
      exchange.answerHeader("Retry-After", Long.toString(poll.toSeconds()));
    }
  }

  /** The problem of a worker that there is not. */
  public static Problem workerNotFound(String worker) {
    return Problem.of(
        ProblemCode.WORKER_NOT_FOUND, "There is no worker " + printable(worker) + ".");
  }

  /** Writes what is told of a file in answers to this request. */
  public EventJson.FileMembers fileMembers(Exchange exchange) {
    String base = exchange.url("");
    return (out, id) -> files.link(id).write(out, base);
  }

  private static String printable(String name) {
    return name.length() > 63 ? name.substring(0, 63) + "…" : name;
  }

  static Problem invalid(List<Problem.Fault> faults) {
    return Problem.of(ProblemCode.VALIDATION_FAILED, faults);
  }
}
