package dev.coatcheck.embed;

import dev.coatcheck.client.work.Busy;
import dev.coatcheck.client.work.Handler;
import dev.coatcheck.client.work.NotDone;
import dev.coatcheck.client.work.Release;
import dev.coatcheck.client.work.Suspend;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Suspension;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns a handler that a pull runner could run into one that an engine runs:
 *
 * <pre>{@code
 * engine.serve(
 *     WorkerSpec.of("enrich"),
 *     InProcess.handler("enrich", Company.class, Profile.class, (context, company) -> profile(company)));
 * }</pre>
 *
 * Immutable.
 */
public final class InProcess {

  /** For a job that is handed back: long enough that it does not spin. */
  private static final Duration SOON = Duration.ofMillis(100);

  private final JsonMapper json;
  private final @Nullable String callbacks;

  private InProcess(JsonMapper json, @Nullable String callbacks) {
    this.json = json;
    this.callbacks = callbacks;
  }

  /** Plain JSON, and no URL for callbacks. */
  public static InProcess plain() {
    return new InProcess(new JsonMapper(), null);
  }

  /** The handler with plain JSON, and no URL for callbacks. */
  public static <I, O extends @Nullable Object> dev.coatcheck.handler.Handler handler(
      String worker, Class<I> input, Class<O> output, Handler<? super I, ? extends O> handler) {
    return plain().adapt(worker, input, output, handler);
  }

  /** How inputs and outputs become JSON. */
  public InProcess json(JsonMapper mapper) {
    return new InProcess(mapper, callbacks);
  }

  /**
   * Where callbacks of this engine's jobs are taken in.
   *
   * @param url what comes before the token, such as {@code https://jobs.example/v1/callbacks/}
   */
  public InProcess callbacksAt(String url) {
    return new InProcess(json, url);
  }

  /**
   * The handler for {@code Engine.serve}.
   *
   * @param worker whose jobs they are
   * @param input what inputs are read as; one that does not fit fails as {@code unsupported_input}
   * @param output what outputs are; for the compiler and the reader
   */
  public <I, O extends @Nullable Object> dev.coatcheck.handler.Handler adapt(
      String worker, Class<I> input, Class<O> output, Handler<? super I, ? extends O> handler) {
    return (context, payload) -> {
      EngineContext view = new EngineContext(context, worker, json, callbacks);
      try {
        Object answer = handler.handle(view, read(input, payload));
        return new Reply.Completed(Payload.of(json.writeValueAsBytes(answer)), view.used());
      } catch (NotDone ending) {
        return reply(ending, view.used());
      }
    };
  }

  private <I> I read(Class<I> type, Payload payload) throws WorkFailure {
    try {
      return json.readValue(payload.bytes(), type);
    } catch (JacksonException misfit) {
      throw WorkFailure.permanent(
          ErrorCode.UNSUPPORTED_INPUT,
          "not a " + type.getSimpleName() + ": " + misfit.getOriginalMessage());
    }
  }

  private Reply reply(NotDone ending, Usage used) throws WorkFailure {
    return switch (ending) {
      case Busy busy -> new Reply.Busy(busy.retryAfter(), busy.reason());
      case Release release -> new Reply.Busy(SOON, release.getClass().getSimpleName());
      case Suspend suspend -> new Reply.Suspended(suspension(suspend, used));
      case dev.coatcheck.client.work.WorkFailure failure -> throw failure(failure, used);
    };
  }

  private Suspension suspension(Suspend suspend, Usage used) {
    return new Suspension(
        suspend.timeout(),
        payload(suspend.state()),
        suspend.resumesOnTimeout() ? Suspension.OnTimeout.RESUME : Suspension.OnTimeout.FAIL,
        used);
  }

  private WorkFailure failure(dev.coatcheck.client.work.WorkFailure failure, Usage used) {
    return new WorkFailure(
        ErrorCode.parse(failure.code()).orElse(ErrorCode.WORKER_ERROR),
        failure.message(),
        failure.retryable(),
        failure.retryAfter().orElse(null),
        payload(failure.upstream()),
        used);
  }

  private @Nullable Payload payload(@Nullable Object value) {
    return value == null ? null : Payload.of(json.writeValueAsBytes(value));
  }

  /** What the engine's context is to the client's handler. */
  static Usage usage(dev.coatcheck.client.Usage usage) {
    Long micros = usage.costUsd() == null ? null : usage.costUsd().movePointRight(6).longValue();
    return new Usage(usage.inputTokens(), usage.outputTokens(), micros);
  }

  /** Why an attempt is stopped, in the client's words. */
  static dev.coatcheck.client.work.StopReason reason(WorkContext.StopReason reason) {
    return switch (reason) {
      case CANCELED -> dev.coatcheck.client.work.StopReason.CANCELED;
      case RUN_TIMEOUT -> dev.coatcheck.client.work.StopReason.TIMED_OUT;
      case DEADLINE -> dev.coatcheck.client.work.StopReason.DEADLINE;
      case LOST -> dev.coatcheck.client.work.StopReason.LOST;
      case SHUTDOWN -> dev.coatcheck.client.work.StopReason.SHUTDOWN;
    };
  }
}
