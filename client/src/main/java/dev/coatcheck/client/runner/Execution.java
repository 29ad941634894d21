package dev.coatcheck.client.runner;

import dev.coatcheck.client.Usage;
import dev.coatcheck.client.work.NotDone;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Runs attempts: calls the handler, frees its slot, tells how it ended. */
final class Execution {

  private static final Logger LOG = System.getLogger(Execution.class.getName());

  private final Map<String, Bound<?>> handlers;
  private final JsonMapper json;
  private final Protocol protocol;
  private final Settlement settlement;
  private final Heart heart;
  private final Held held;
  private final Slots slots;
  private final Executor executor;

  Execution(
      Recipe recipe, Protocol protocol, Courier courier, Heart heart, Held held, Slots slots) {
    this.handlers = recipe.handlers();
    this.json = recipe.json();
    this.executor = recipe.executor();
    this.protocol = protocol;
    this.settlement = new Settlement(protocol, courier);
    this.heart = heart;
    this.held = held;
    this.slots = slots;
  }

  /** Starts the handler for a lease; a slot for it must have been taken. */
  void start(Attempt attempt) {
    held.add(attempt);
    executor.execute(() -> run(attempt));
  }

  /** Hands a lease back without starting anything. */
  void handBack(Attempt attempt) {
    held.add(attempt);
    executor.execute(() -> settle(attempt, Verdict.RELEASE));
  }

  Settlement settlement() {
    return settlement;
  }

  private void run(Attempt attempt) {
    Outlet outlet = new Outlet(attempt, protocol, executor);
    Verdict verdict;
    try {
      verdict = attempt.begin() ? call(attempt, outlet) : Verdict.RELEASE;
    } finally {
      attempt.end();
      slots.give();
    }
    outlet.finish();
    settle(attempt, verdict);
  }

  private Verdict call(Attempt attempt, Outlet outlet) {
    Bound<?> handler = handlers.get(attempt.lease().job().worker());
    if (handler == null) {
      return Verdict.RELEASE;
    }
    try {
      AttemptContext context = new AttemptContext(attempt, outlet, heart, json);
      Object output = handler.call(context, attempt.lease().job().input(), json);
      return Verdict.complete(output, usage(attempt), json);
    } catch (NotDone ending) {
      return Verdict.of(ending, usage(attempt), json);
    } catch (Throwable trouble) {
      if (attempt.stopping().isEmpty()) {
        LOG.log(Level.WARNING, attempt.lease().job().id() + ": the handler broke", trouble);
      }
      return Verdict.broken(trouble, usage(attempt));
    }
  }

  private void settle(Attempt attempt, Verdict verdict) {
    try {
      settlement.settle(attempt, verdict);
    } catch (InterruptedException abandoned) {
      Thread.currentThread().interrupt();
    } finally {
      held.remove(attempt);
    }
  }

  private static @Nullable Usage usage(Attempt attempt) {
    return attempt.usage().orElse(null);
  }
}
