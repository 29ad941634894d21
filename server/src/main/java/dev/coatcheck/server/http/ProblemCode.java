package dev.coatcheck.server.http;

import java.util.Locale;

/** What can be wrong with a request, as clients tell it apart. */
public enum ProblemCode {
  INVALID_JSON(400, "The body is not valid JSON"),
  INVALID_REQUEST(400, "The request is not valid"),
  UNKNOWN_FIELD(400, "The body has a member that is not known"),
  INVALID_CURSOR(400, "The cursor is not valid"),
  FILTER_NOT_INDEXED(400, "The list cannot be filtered by this key"),
  IDEMPOTENCY_KEY_INVALID(400, "The idempotency key is not valid"),
  UNAUTHENTICATED(401, "A valid API key is required"),
  KEY_IN_URL(401, "API keys are not accepted in the URL"),
  FORBIDDEN(403, "Not allowed"),
  CROSS_ORIGIN(403, "Requests of other web sites are refused"),
  OPEN_MODE_FORWARDED(403, "An open server does not answer through a proxy"),
  LINK_INVALID(403, "The link is not valid, or no longer"),
  NOT_FOUND(404, "There is nothing here"),
  WORKER_NOT_FOUND(404, "There is no such worker"),
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  NOT_ACCEPTABLE(406, "The answer cannot be given in the accepted form"),
  REQUEST_TIMEOUT(408, "The request did not arrive in time"),
  LEASE_LOST(409, "The lease is over, or never was"),
  JOB_NOT_DONE(409, "The job is not done yet"),
  JOB_NOT_SUCCEEDED(409, "The job did not succeed"),
  WORKER_READ_ONLY(409, "The worker is not defined over the API"),
  WORKER_IN_USE(409, "Jobs of the worker are open"),
  OUTPUT_GAP(409, "Pieces of output are missing before these"),
  ID_REUSE(409, "The id was used for another message"),
  GONE(410, "The job is no longer kept"),
  PAYLOAD_TOO_LARGE(413, "The body is too large"),
  OUTPUT_TOO_LARGE(413, "The output is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body is not of a type that is taken here"),
  HOST_NOT_ALLOWED(421, "The server does not answer for this host"),
  VALIDATION_FAILED(422, "The request breaks the contract"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another submission"),
  WORKER_NOT_PULL(422, "The worker's jobs are not leased"),
  OUTPUT_INVALID(422, "The output breaks the worker's contract"),
  NOT_SUPPORTED(422, "The server cannot do this with its store"),
  RATE_LIMITED(429, "There are too many requests"),
  QUEUE_FULL(429, "The worker's queue is full"),
  INTERNAL(500, "The server failed"),
  STORE_UNAVAILABLE(503, "The store does not answer"),
  DRAINING(503, "The server is stopping"),
  OVERLOADED(503, "The server is busy");

  private final int status;
  private final String title;
  private final String wire = name().toLowerCase(Locale.ROOT);

  ProblemCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** The name in JSON. */
  public String wire() {
    return wire;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return status == 408 || status == 429 || status >= 500;
  }

  /** The kind of the code in the words of the OpenAI API. */
  String family() {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }
}
