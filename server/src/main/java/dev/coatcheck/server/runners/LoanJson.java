package dev.coatcheck.server.runners;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lend.Loan;
import dev.coatcheck.server.json.JsonOut;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a runner is given. */
final class LoanJson {

  /** Heartbeats in a lease, so that one may be lost. */
  private static final int BEATS = 3;

  private LoanJson() {}

  /**
   * The answer to an order.
   *
   * @param base scheme and host of URLs
   */
  static byte[] of(Loan loan, Duration lease, String base) {
    return JsonOut.object(out -> {
      out.string("runner", loan.runner().toString());
      out.millis("lease_duration_ms", lease);
      out.millis("heartbeat_interval_ms", lease.dividedBy(BEATS));
      out.array(
          "leases",
          items -> loan.grants().forEach(grant -> items.item(item -> lease(item, grant, base))));
    });
  }

  private static void lease(JsonOut out, Grant grant, String base) {
    out.string("lease_token", grant.token().wire());
    out.number("attempt", grant.attempt());
    out.instant("expires_at", grant.leaseUntil());
    out.millis("run_timeout_ms", grant.runTimeout());
    out.instant("deadline_at", grant.deadlineAt());
    out.string("traceparent", traceparent(grant.token().job(), grant.token().fence()));
    out.object("job", job -> job(job, grant));
    callback(out, grant.callback(), base);
    out.number("output_offset", grant.chunks());
    resume(out, grant.resume());
  }

  /**
   * The trace of the job, the span of the grant (W3C Trace Context, 3.2): both are the same however
   * often they are told.
   */
  private static String traceparent(JobId job, long fence) {
    HexFormat hex = HexFormat.of();
    return "00-"
        + hex.toHexDigits(job.high())
        + hex.toHexDigits(job.low())
        + "-"
        + hex.toHexDigits(fence)
        + "-01";
  }

  private static void job(JsonOut out, Grant grant) {
    out.string("id", grant.token().job().toString());
    out.string("worker", grant.worker());
    out.number("worker_version", grant.workerVersion());
    out.raw("input", grant.input());
    out.strings("metadata", grant.metadata());
    out.number("priority", grant.priority());
    out.instant("created_at", grant.token().job().createdAt());
    out.number("max_attempts", grant.maxAttempts());
  }

  private static void callback(JsonOut out, @Nullable CallbackToken token, String base) {
    if (token == null) {
      out.nil("callback");
    } else {
      out.object("callback", inner -> inner.string("url", base + "/v1/callbacks/" + token.wire()));
    }
  }

  private static void resume(JsonOut out, @Nullable Resume resume) {
    if (resume == null) {
      out.nil("resume");
      return;
    }
    out.object(
        "resume",
        inner -> {
          inner.string("reason", resume.reason().wire());
          inner.raw("state", resume.state());
          if (resume.callback() == null) {
            inner.nil("callback");
          } else {
            CallbackJson.write(inner, resume.callback());
          }
        });
  }
}
