package dev.coatcheck.server.callbacks;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Sha256;
import dev.coatcheck.receive.Receiver;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.ReceiveResult;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/callbacks/{token}}: a third party reports back. Whatever is wrong with a token,
 * the answer is the same, so that nobody learns which ones there are.
 */
public final class CallbackRoutes {

  private static final int BODY_MAX = 1 << 20;
  private static final String PROGRESS = "progress";
  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final int TYPE_MAX = 200;
  private static final int ID_MAX = 256;

  private final Receiver receiver;
  private final Pace pace = new Pace();

  public CallbackRoutes(Receiver receiver) {
    this.receiver = receiver;
  }

  public void callback(Exchange exchange) throws Exception {
    boolean progress = progress(exchange);
    CallbackToken token =
        CallbackToken.parse(exchange.parameter("token")).orElseThrow(Problem::notFound);
    checkPace(token);
    byte[] body = exchange.anyBody(BODY_MAX);
    ReceiveResult result =
        progress
            ? receiver.progress(token, ProgressHint.read(body))
            : receiver.receive(token, notice(exchange, body));
    switch (result) {
      case Result.Received(var effect) ->
          exchange.json(
              200,
              JsonOut.object(out -> out.bool("received", true).string("effect", effect.wire())));
      case Result.NoticeIdReused reused ->
          throw Problem.of(
              ProblemCode.ID_REUSE, "Another callback came under this webhook-id before.");
      case Result.NoSuchCallback none -> throw Problem.notFound();
    }
  }

  private static boolean progress(Exchange exchange) {
    exchange.query().only(Set.of("event"), null);
    @Nullable String event = exchange.query().get("event").orElse(null);
    if (event != null && !event.equals(PROGRESS)) {
      throw Problem.at(ProblemCode.INVALID_REQUEST, "?event", "must be " + PROGRESS);
    }
    return event != null;
  }

  private void checkPace(CallbackToken token) {
    Duration wait = pace.call(token.hash());
    if (!wait.isZero()) {
      throw Problem.of(ProblemCode.RATE_LIMITED, "This URL is called too often.")
          .retryAfter(wait)
          .header("RateLimit-Policy", "\"callback\";q=" + Pace.PER_SECOND + ";w=1")
          .header("RateLimit", "\"callback\";r=0;t=1");
    }
  }

  private static Notice notice(Exchange exchange, byte[] body) {
    String type = Objects.requireNonNullElse(exchange.header("Content-Type"), UNKNOWN_TYPE);
    @Nullable String id = exchange.header("webhook-id");
    if (id != null && (id.isBlank() || id.length() > ID_MAX)) {
      throw Problem.of(
          ProblemCode.INVALID_REQUEST, "webhook-id must have 1 to " + ID_MAX + " characters.");
    }
    return new Notice(
        type.length() > TYPE_MAX ? UNKNOWN_TYPE : type,
        Payload.of(body),
        id,
        Payload.of(Sha256.of(body)));
  }
}
