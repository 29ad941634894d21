package dev.coatcheck.workers.http;

import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.outbound.Limits;
import dev.coatcheck.outbound.Outbound;
import dev.coatcheck.outbound.OutboundRequest;
import dev.coatcheck.outbound.Outcome;
import dev.coatcheck.outbound.Outcome.Answered;
import dev.coatcheck.outbound.Outcome.Failed;
import dev.coatcheck.outbound.rules.HostList;
import dev.coatcheck.outbound.rules.Target;
import dev.coatcheck.outbound.rules.UrlVerdict;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.workers.WorkerJson;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A worker that sends one HTTP request and gives back what is answered. A status below 500 is a
 * result, whatever it says; from 500 on, and without an answer, the attempt fails and may be
 * retried; 429 and 503 with {@code Retry-After} make it wait.
 */
public final class HttpWorker implements Handler {

  private static final int CONCURRENCY = 10_000;
  private static final Duration RUN_TIMEOUT = HttpInput.TIMEOUT_MAX.plusMinutes(1);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int UNAVAILABLE = 503;
  private static final int MESSAGE_MAX = 1_024;

  private final Outbound outbound;
  private final HostList hosts;
  private final int outputMax;
  private final Semaphore large;

  private HttpWorker(Outbound outbound, HostList hosts, int outputMax) {
    this.outbound = outbound;
    this.hosts = hosts;
    this.outputMax = outputMax;
    this.large = AnswerBuffer.largeOnes(Runtime.getRuntime().maxMemory(), outputMax);
  }

  /**
   * The worker's handler.
   *
   * @param hosts the only ones it calls
   * @param outputMax bytes that an output has at most; a larger body is cut
   */
  public static Handler handler(Outbound outbound, HostList hosts, int outputMax) {
    return new HttpWorker(outbound, hosts, outputMax);
  }

  public static WorkerSpec spec() {
    return WorkerSpec.named("http")
        .description("Sends an HTTP request to a host that the operator allows.")
        .inputSchema(WorkerJson.resource(HttpWorker.class, "input.schema.json"))
        .outputSchema(WorkerJson.resource(HttpWorker.class, "output.schema.json"))
        .concurrency(CONCURRENCY)
        .runTimeout(RUN_TIMEOUT)
        .build();
  }

  @Override
  public Reply handle(WorkContext context, Payload payload)
      throws WorkFailure, InterruptedException, IOException {
    HttpInput input = WorkerJson.read(payload, HttpInput.class);
    Target target = target(input);
    OutboundRequest request = input.request("http " + context.job(), target);
    Limits limits = Limits.of(input.within(), outputMax).cutting();
    try (AnswerBuffer body = new AnswerBuffer(large)) {
      Outcome outcome = outbound.send(request, limits, body);
      return switch (outcome) {
        case Answered answered -> reply(context, target, answered, body.toByteArray());
        case Failed failed ->
            throw WorkFailure.retryable(ErrorCode.UPSTREAM_ERROR, failed.publicMessage());
      };
    }
  }

  private Target target(HttpInput input) throws WorkFailure {
    return switch (outbound.check(input.url(), hosts)) {
      case UrlVerdict.Allowed(Target target) -> target;
      // Nobody was asked, so it is the input that is at fault, and no retry can mend it.
      case UrlVerdict.Refused(String reason) ->
          throw WorkFailure.permanent(ErrorCode.UNSUPPORTED_INPUT, reason);
    };
  }

  private Reply reply(WorkContext context, Target target, Answered answered, byte[] body)
      throws WorkFailure {
    int status = answered.status();
    if (status == TOO_MANY_REQUESTS || status == UNAVAILABLE) {
      Optional<Duration> wait =
          answered.header("retry-after").flatMap(text -> RetryAfter.parse(text, context.now()));
      if (wait.isPresent()) {
        return new Reply.Busy(wait.get(), target.host() + " answered " + status);
      }
    }
    if (status >= SERVER_ERROR) {
      throw failure(target, answered, body);
    }
    return Reply.completed(HttpOutput.of(answered, body, outputMax));
  }

  private static WorkFailure failure(Target target, Answered answered, byte[] body) {
    int status = answered.status();
    Map<String, Object> upstream = new LinkedHashMap<>();
    upstream.put("provider", target.host());
    upstream.put("status", status);
    AnswerBody.text(answered, body)
        .map(text -> JsonText.cut(text, MESSAGE_MAX))
        .ifPresent(text -> upstream.put("message", text));
    return new WorkFailure(
        ErrorCode.UPSTREAM_ERROR,
        target.host() + " answered " + status + ".",
        true,
        null,
        WorkerJson.write(upstream),
        Usage.NONE);
  }
}
