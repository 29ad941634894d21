package dev.coatcheck.workers.simulate;

import dev.coatcheck.callback.Callback;
import dev.coatcheck.handler.Handler;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.worker.WorkerSpec;
import dev.coatcheck.workers.WorkerJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A worker that waits, reports, streams, fails, is busy or suspends as its input says. It costs
 * nothing and needs no provider, so every other part can be tried with it.
 */
public final class SimulateWorker implements Handler {

  private static final int CONCURRENCY = 10_000;
  private static final long CPU_MS_MAX = 1_000;
  private static final long SUSPEND_MS = 60_000;

  private SimulateWorker() {}

  public static Handler handler() {
    return new SimulateWorker();
  }

  /**
   * The worker's contract.
   *
   * @param allowCrash whether input may ask it to crash the process or to compute for long
   */
  public static WorkerSpec spec(boolean allowCrash) {
    return WorkerSpec.named("simulate")
        .description(
            "Behaves as its input says: waits, reports, streams, fails, is busy, suspends.")
        .inputSchema(inputSchema(allowCrash))
        .outputSchema(WorkerJson.resource(SimulateWorker.class, "output.schema.json"))
        .concurrency(CONCURRENCY)
        .build();
  }

  private static Payload inputSchema(boolean allowCrash) {
    Payload full = WorkerJson.resource(SimulateWorker.class, "input.schema.json");
    if (allowCrash) {
      return full;
    }
    ObjectNode schema = WorkerJson.read(full, ObjectNode.class);
    ObjectNode properties = (ObjectNode) schema.get("properties");
    properties.remove("crash");
    ((ObjectNode) properties.get("cpu_ms")).put("maximum", CPU_MS_MAX);
    return WorkerJson.write(schema);
  }

  @Override
  public Reply handle(WorkContext context, Payload input) throws Exception {
    Simulation simulation = WorkerJson.read(input, Simulation.class);
    Simulation.Busy busy = simulation.busy();
    if (busy != null && context.grants() <= (busy.times() == null ? 1 : busy.times())) {
      long retryAfter = busy.retryAfterMs() == null ? 1_000 : busy.retryAfterMs();
      return new Reply.Busy(Duration.ofMillis(retryAfter), "simulated");
    }
    if (simulation.suspend() != null && context.resume().isPresent()) {
      // What it used was told when it was suspended.
      return Reply.completed(output(simulation, context));
    }
    Crash.maybe(simulation.crash());
    Patience patience = new Patience(context, simulation.ignoreCancel());
    patience.compute(simulation.cpuMs());
    if (simulation.hang()) {
      patience.waitForever();
    }
    Simulation.Fail fail = fails(simulation, context);
    perform(simulation, fail, context, patience);
    if (fail != null) {
      throw failure(fail);
    }
    Simulation.Suspend suspend = simulation.suspend();
    return suspend == null
        ? new Reply.Completed(output(simulation, context), usage(simulation, 1))
        : suspended(suspend, usage(simulation, 1), context);
  }

  /** Says where to call back, in the log, which nobody but the job's owner reads. */
  private static Reply suspended(Simulation.Suspend suspend, Usage usage, WorkContext context)
      throws InterruptedException {
    context.log("info", "waiting for POST /v1/callbacks/" + context.callback().wire());
    long timeout = suspend.timeoutMs() == null ? SUSPEND_MS : suspend.timeoutMs();
    return new Reply.Suspended(
        new Suspension(Duration.ofMillis(timeout), null, Suspension.OnTimeout.FAIL, usage));
  }

  private static Simulation.@Nullable Fail fails(Simulation simulation, WorkContext context) {
    Simulation.Fail fail = simulation.fail();
    if (fail == null) {
      return null;
    }
    int attempts = fail.attempts() == null ? 1 : fail.attempts();
    return attempts < 0 || context.attempt() <= attempts ? fail : null;
  }

  private static void perform(
      Simulation simulation, Simulation.@Nullable Fail fail, WorkContext context, Patience patience)
      throws InterruptedException {
    double end = fail == null || fail.at() == null ? 1 : fail.at();
    double now = 0;
    for (Script.Cue cue : Script.of(simulation).cues()) {
      if (cue.at() > end) {
        break;
      }
      patience.spend(millis(simulation, cue.at()) - millis(simulation, now));
      now = cue.at();
      say(cue, simulation, context);
    }
    patience.spend(millis(simulation, end) - millis(simulation, now));
  }

  private static long millis(Simulation simulation, double share) {
    return Math.round(simulation.duration() * share);
  }

  private static void say(Script.Cue cue, Simulation simulation, WorkContext context) {
    switch (cue) {
      case Script.Step(double at, int number, int of) -> {
        context.progress(at, "working", "step " + number + " of " + of);
        if (simulation.usage() != null) {
          context.usage(usage(simulation, at));
        }
      }
      case Script.Chunk(double at, String text) -> context.output(text);
    }
  }

  private static WorkFailure failure(Simulation.Fail fail) {
    ErrorCode code =
        fail.code() == null
            ? ErrorCode.WORKER_ERROR
            : ErrorCode.parse(fail.code()).orElse(ErrorCode.WORKER_ERROR);
    String message = fail.message() == null ? "simulated failure" : fail.message();
    boolean retryable = fail.retryable() == null || fail.retryable();
    return new WorkFailure(code, message, retryable, null, null, Usage.NONE);
  }

  private static Usage usage(Simulation simulation, double share) {
    Simulation.Consumption usage = simulation.usage();
    if (usage == null) {
      return Usage.NONE;
    }
    Long cost = usage.costUsd() == null ? null : usage.costUsd().movePointRight(6).longValue();
    return new Usage(
        part(usage.inputTokens(), share), part(usage.outputTokens(), share), part(cost, share));
  }

  private static @Nullable Long part(@Nullable Long whole, double share) {
    return whole == null ? null : Long.valueOf(Math.round(whole * share));
  }

  private static Payload output(Simulation simulation, WorkContext context) {
    Integer bytes = simulation.outputBytes();
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("slept_ms", simulation.duration());
    output.put("attempt", context.attempt());
    output.put("output", bytes == null ? simulation.output() : "x".repeat(bytes));
    Callback callback = context.resume().map(Resume::callback).orElse(null);
    if (simulation.suspend() != null && callback != null) {
      output.put("callback", CallbackBody.of(callback));
    }
    return WorkerJson.write(output);
  }
}
