package dev.coatcheck.server.jobs;

import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.server.http.EntityTag;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.Lookup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Looking at one job. */
public final class ReadRoutes {

  private static final int HOPS_MAX = 100;

  private final Desk desk;

  public ReadRoutes(Desk desk) {
    this.desk = desk;
  }

  /** {@code GET /v1/jobs/{id}}, which may wait for the end, and may follow retries. */
  public void job(Exchange exchange) throws Exception {
    exchange.query().only(Set.of("follow"), null);
    Job job = follow(exchange, desk.find(exchange));
    Job seen = follow(exchange, desk.await(exchange, job));
    String etag = etag(seen);
    exchange.answerHeader("ETag", etag);
    if (EntityTag.matches(exchange.rawHeaders("If-None-Match"), etag)) {
      desk.retryAfter(exchange, seen);
      exchange.empty(304);
    } else {
      desk.answer(exchange, 200, seen, JobJson.Form.WHOLE);
    }
  }

  private Job follow(Exchange exchange, Job job) {
    String follow = exchange.query().get("follow").orElse("");
    if (follow.isEmpty() && exchange.query().get("follow").isEmpty()) {
      return job;
    }
    if (!follow.equals("retries")) {
      throw Problem.at(ProblemCode.INVALID_REQUEST, "?follow", "must be retries");
    }
    Job newest = job;
    for (int hops = 0; hops < HOPS_MAX && newest.retriedBy() != null; hops++) {
      if (!(desk.engine().reader().job(desk.tenant(), newest.retriedBy())
          instanceof Lookup.Found(Job next))) {
        break;
      }
      newest = next;
    }
    return newest;
  }

  /** {@code GET /v1/jobs/{id}/result}: the bare output. */
  public void result(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Job job = desk.await(exchange, desk.find(exchange));
    if (!job.done()) {
      exchange.answerHeader("Location", exchange.url("/v1/jobs/" + job.id()));
      desk.answer(exchange, 202, job, JobJson.Form.WHOLE);
    } else if (job.status() == JobStatus.SUCCEEDED) {
      exchange.json(
          200, job.output() == null ? new byte[] {'n', 'u', 'l', 'l'} : job.output().bytes());
    } else {
      throw Problem.of(ProblemCode.JOB_NOT_SUCCEEDED, "The job is " + job.status().wire() + ".")
          .job(job.id())
          .with(out -> {
            out.string("job_status", job.status().wire());
            JobJson.error(out, "job_error", job.error());
          });
    }
  }

  /** {@code GET /v1/jobs/{id}/attempts}. */
  public void attempts(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Job job = desk.find(exchange);
    List<Attempt> attempts = desk.engine().reader().attempts(desk.tenant(), job.id());
    desk.retryAfter(exchange, job);
    exchange.json(200, JsonOut.object(out -> array(out, "data", attempts)));
  }

  static void array(JsonOut out, String name, List<Attempt> attempts) {
    out.array(name, items -> attempts.forEach(each -> items.item(item -> attempt(item, each))));
  }

  private static void attempt(JsonOut out, Attempt attempt) {
    Instant finished = attempt.finishedAt();
    out.number("number", attempt.number());
    out.string("status", attempt.state().wire());
    out.string("runner", attempt.runner());
    out.instant("started_at", attempt.startedAt());
    out.instant("finished_at", finished);
    out.millis(
        "duration_ms", finished == null ? null : Duration.between(attempt.startedAt(), finished));
    JobJson.error(out, attempt.error());
    out.object(
        "usage",
        usage -> {
          JobJson.usageMembers(usage, attempt.usage());
          if (attempt.late()) {
            usage.bool("late", true);
          }
        });
    out.nil("provider").nil("model");
  }

  /** Equal as long as nothing about the job changes but the time. */
  static String etag(Job job) {
    Object cancel = job.cancel() == null ? null : job.cancel().runnerStoppedAt();
    int rest = Objects.hash(job.progress(), job.usage(), job.retriedBy(), cancel);
    return String.format("\"%x-%s-%08x\"", job.fence(), job.phase().name(), rest);
  }
}
