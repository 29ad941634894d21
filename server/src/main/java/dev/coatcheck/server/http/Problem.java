package dev.coatcheck.server.http;

import dev.coatcheck.job.JobId;
import dev.coatcheck.server.json.JsonOut;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a request: RFC 9457 with the members that clients of other APIs look for. One
 * is thrown where it is found and written by the edge.
 */
public final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public static final String CONTENT_TYPE = "application/problem+json";

  private final ProblemCode code;
  private final int status;
  private final String detail;
  private final transient List<Fault> faults;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private transient @Nullable JobId job;
  private transient @Nullable Duration retryAfter;
  private transient JsonOut.Part extra = out -> {};
  private boolean closes;
  private boolean bare;

  /** One thing that is wrong, and where: a JSON pointer, or {@code ?name} for a parameter. */
  public record Fault(String pointer, String detail) {}

  private Problem(ProblemCode code, int status, String detail, List<Fault> faults) {
    super(detail, null, false, false);
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.faults = List.copyOf(faults);
    if (code.status() == 409) {
      headers.put("x-should-retry", "false");
    }
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, code.status(), detail, List.of());
  }

  /** A problem whose status is not the usual one of its code. */
  public static Problem of(ProblemCode code, int status, String detail) {
    return new Problem(code, status, detail, List.of());
  }

  public static Problem of(ProblemCode code, List<Fault> faults) {
    Fault first = faults.getFirst();
    String more = faults.size() > 1 ? " (and " + (faults.size() - 1) + " more)" : "";
    String place = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
    return new Problem(code, code.status(), place + first.detail() + more, faults);
  }

  public static Problem at(ProblemCode code, String pointer, String detail) {
    return of(code, List.of(new Fault(pointer, detail)));
  }

  /** The job existed; the body says nothing else. */
  public static Problem gone(JobId id) {
    Problem problem = of(ProblemCode.GONE, "The job is no longer kept.").job(id);
    problem.bare = true;
    return problem;
  }

  public static Problem notFound() {
    return of(ProblemCode.NOT_FOUND, "There is nothing here.");
  }

  public Problem job(JobId id) {
    this.job = id;
    return this;
  }

  public Problem retryAfter(Duration wait) {
    this.retryAfter = wait;
    return header("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(wait.toMillis(), 1000))));
  }

  public Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Adds members to the body. */
  public Problem with(JsonOut.Part members) {
    this.extra = members;
    return this;
  }

  /** The connection cannot be used for another request. */
  public Problem closing() {
    closes = true;
    return header("Connection", "close");
  }

  public boolean closes() {
    return closes;
  }

  public ProblemCode code() {
    return code;
  }

  public int status() {
    return status;
  }

  /** Everything that is wrong, and where. */
  public List<Fault> faults() {
    return faults;
  }

  public String detail() {
    return detail;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** The body. */
  public byte[] body(String instance, String requestId) {
    if (bare) {
      return JsonOut.object(
          out -> out.string("code", code.wire()).string("job_id", String.valueOf(job)));
    }
    return JsonOut.object(out -> write(out, instance, requestId));
  }

  /** Writes the members of the body, for an answer that tells of several. */
  public void write(JsonOut out, String instance, String requestId) {
    out.string("type", "https://coatcheck.dev/errors/" + code.wire());
    out.string("title", code.title());
    out.number("status", status);
    out.string("detail", detail);
    out.string("instance", instance);
    out.string("code", code.wire());
    out.string("request_id", requestId);
    out.string("job_id", job == null ? null : job.toString());
    out.bool("retryable", code.retryable());
    out.millis("retry_after_ms", retryAfter);
    out.array("errors", this::faults);
    out.string("message", detail);
    out.string("error_type", code.wire());
    out.object("error", this::compatible);
    extra.write(out);
  }

  private void faults(JsonOut out) {
    for (Fault fault : faults) {
      out.item(o -> o.string("pointer", fault.pointer()).string("detail", fault.detail()));
    }
  }

  private void compatible(JsonOut out) {
    out.string("message", detail);
    out.string("type", code.family());
    out.string("code", code.wire());
    out.string("param", faults.isEmpty() ? null : faults.getFirst().pointer());
  }
}
