package dev.coatcheck.server.runners;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lend.Lender;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a runner's work on a job ends, unless it is done. */
public final class EndRoutes {

  private static final Set<String> FAIL_MEMBERS =
      Set.of("error", "retryable", "retry_after", "usage");
  private static final Set<String> ERROR_MEMBERS = Set.of("code", "message", "upstream");
  private static final Set<String> BUSY_MEMBERS = Set.of("retry_after", "scope", "reason");
  private static final Set<String> SUSPEND_MEMBERS = Set.of("timeout", "state", "on_timeout");

  /** What the server alone can say of an attempt. */
  private static final EnumSet<ErrorCode> OURS =
      EnumSet.of(
          ErrorCode.QUEUE_TIMEOUT,
          ErrorCode.RUN_TIMEOUT,
          ErrorCode.DEADLINE,
          ErrorCode.CALLBACK_TIMEOUT,
          ErrorCode.RUNNER_LOST,
          ErrorCode.STEP_FAILED,
          ErrorCode.CANCELED);

  private static final List<String> CODES =
      Arrays.stream(ErrorCode.values())
          .filter(code -> !OURS.contains(code))
          .map(ErrorCode::wire)
          .toList();

  private static final int UPSTREAM_MAX = 16 * 1024;
  private static final int TEXT_MAX = 200;
  private static final Duration BUSY_DEFAULT = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofDays(1);
  private static final Duration TIMEOUT_MAX = Duration.ofDays(366);

  private final Lender lender;

  public EndRoutes(Lender lender) {
    this.lender = lender;
  }

  /** {@code POST /v1/leases/{token}/fail}. */
  public void fail(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    WorkFailure failure = failure(exchange.jsonBody());
    switch (lender.fail(lease, failure)) {
      case Result.Parked(Instant next) -> queued(exchange, WaitReason.BACKOFF, next);
      case Result.Settled settled ->
          exchange.json(
              200,
              JsonOut.object(out ->
                  out.string("status", settled.job().phase().status().wire())
                      .bool("dead_letter", settled.deadLetter())));
      case Result.LeaseLost lost -> throw Leases.lost(lease);
      case Result other -> throw new IllegalStateException("no answer to a failure: " + other);
    }
  }

  private static WorkFailure failure(byte[] bytes) {
    Faults faults = new Faults();
    Members body = Members.of(bytes, FAIL_MEMBERS, faults).require("error");
    Members error = body.object("error", ERROR_MEMBERS);
    ErrorCode code = code(error);
    String message = error.text("message", Integer.MAX_VALUE);
    Payload upstream = upstream(error);
    Boolean retryable = body.flag("retryable");
    Duration retryAfter = body.duration("retry_after", Duration.ZERO, RETRY_MAX);
    Usage usage = UsageReader.read(body);
    faults.check();
    return new WorkFailure(
        code,
        message == null || message.isEmpty() ? code.wire() : message,
        retryable == null || retryable,
        retryAfter,
        upstream,
        usage);
  }

  private static ErrorCode code(Members error) {
    String wire = error.word("code", CODES);
    return wire == null
        ? ErrorCode.WORKER_ERROR
        : ErrorCode.parse(wire).orElse(ErrorCode.WORKER_ERROR);
  }

  private static @Nullable Payload upstream(Members error) {
    if (error.get("upstream") == null) {
      return null;
    }
    Payload upstream = error.raw("upstream").orElse(Payload.EMPTY);
    if (!Objects.requireNonNull(error.get("upstream")).isObject()) {
      error.fault("upstream", "must be an object");
    } else if (upstream.size() > UPSTREAM_MAX) {
      error.fault("upstream", "must have at most " + UPSTREAM_MAX + " bytes");
    }
    return upstream;
  }

  /** {@code POST /v1/leases/{token}/busy}: no attempt is used. */
  public void busy(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Faults faults = new Faults();
    Members body = Members.of(exchange.jsonBody(), BUSY_MEMBERS, faults);
    Duration retryAfter = body.duration("retry_after", Duration.ZERO, RETRY_MAX);
    String scope = body.line("scope", TEXT_MAX);
    String reason = Objects.requireNonNullElse(body.line("reason", TEXT_MAX), "busy");
    faults.check();
    String told = scope == null ? reason : scope + ": " + reason;
    Duration wait = Objects.requireNonNullElse(retryAfter, BUSY_DEFAULT);
    switch (lender.busy(lease, told, wait)) {
      case Result.Parked(Instant next) -> queued(exchange, WaitReason.RATE_LIMITED, next);
      case Result.LeaseLost lost -> throw Leases.lost(lease);
    }
  }

  private static void queued(Exchange exchange, WaitReason reason, @Nullable Instant next)
      throws Exception {
    exchange.json(
        200,
        JsonOut.object(out ->
            out.string("status", JobStatus.QUEUED.wire())
                .string("wait_reason", next == null ? null : reason.wire())
                .instant("next_attempt_at", next)));
  }

  /** {@code POST /v1/leases/{token}/suspend}: the job waits for a callback. */
  public void suspend(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Suspension suspension = suspension(exchange.jsonBody());
    switch (lender.suspend(lease, suspension)) {
      case Result.Suspended suspended ->
          exchange.json(
              200,
              JsonOut.object(out ->
                  out.string("status", JobStatus.RUNNING.wire())
                      .string("wait_reason", WaitReason.CALLBACK.wire())));
      case Result.ResumedAtOnce resumed ->
          exchange.json(
              200,
              JsonOut.object(
                  out -> out.string("status", JobStatus.QUEUED.wire()).bool("resumed", true)));
      case Result.LeaseLost lost -> throw Leases.lost(lease);
    }
  }

  private static Suspension suspension(byte[] bytes) {
    Faults faults = new Faults();
    Members body = Members.of(bytes, SUSPEND_MEMBERS, faults).require("timeout");
    Duration timeout = body.duration("timeout", Duration.ofMillis(1), TIMEOUT_MAX);
    String onTimeout = body.word("on_timeout", List.of("fail", "resume"));
    @Nullable Payload state = body.get("state") == null ? null : body.raw("state").orElse(null);
    if (state != null && state.size() > Suspension.STATE_MAX) {
      body.fault("state", "must have at most " + Suspension.STATE_MAX + " bytes");
    }
    faults.check();
    return new Suspension(
        Objects.requireNonNull(timeout),
        state,
        "resume".equals(onTimeout) ? Suspension.OnTimeout.RESUME : Suspension.OnTimeout.FAIL,
        Usage.NONE);
  }

  /** {@code POST /v1/leases/{token}/release}: handed back unworked. */
  public void release(Exchange exchange) throws Exception {
    LeaseToken lease = Leases.token(exchange);
    Faults faults = new Faults();
    Members.of(exchange.optionalJsonBody(), Set.of(), faults);
    faults.check();
    switch (lender.release(lease)) {
      case Result.Parked parked ->
          exchange.json(200, JsonOut.object(out -> out.string("status", JobStatus.QUEUED.wire())));
      case Result.LeaseLost lost -> throw Leases.lost(lease);
    }
  }
}
