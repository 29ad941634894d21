package dev.coatcheck.server.jobs;

import dev.coatcheck.job.CancelReceipt;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobTimes;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.Usage;
import dev.coatcheck.job.WaitReason;
import dev.coatcheck.observe.Estimate;
import dev.coatcheck.server.json.JsonOut;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The job as clients see it. */
public final class JobJson {

  private JobJson() {}

  /**
   * How much of a job is shown.
   *
   * @param existing whether the job stands for a submission that made none
   */
  public record Form(boolean input, boolean output, boolean urls, boolean existing) {

    public static final Form WHOLE = new Form(true, true, true, false);

    public static final Form EXISTING = new Form(true, true, true, true);
  }

  /** The whole job. */
  public static byte[] of(Job job, JobFacts facts, String base, Form form) {
    return JsonOut.object(out -> write(out, job, facts, base, form));
  }

  /** The members of a job. */
  public static void write(JsonOut out, Job job, JobFacts facts, String base, Form form) {
    out.string("id", job.id().toString());
    out.string("worker", job.worker());
    out.number("worker_version", job.workerVersion());
    out.string("status", job.status().wire());
    out.bool("done", job.done());
    out.string("wait_reason", wire(facts.waitReason()));
    progress(out, job.progress());
    out.number("attempt", job.attempt());
    out.number("max_attempts", job.maxAttempts());
    out.number("priority", job.priority());
    if (form.input) {
      out.raw("input", job.input());
    }
    if (form.output) {
      out.raw("output", job.output());
    }
    error(out, job.error());
    times(out, job);
    out.number("queue_position", facts.queuePosition());
    estimate(out, facts.estimate().orElse(null));
    usage(out, job.usage());
    out.object("credits", credits -> credits.number("held", 0).nil("settled"));
    out.bool("cached", job.cached()).bool("existing", form.existing);
    out.string("coalesced_with", text(job.coalescedWith()));
    lineage(out, job);
    cancel(out, job.cancel());
    out.array(
        "files",
        files -> facts.files().forEach(file -> files.item(item -> file.write(item, base))));
    out.strings("metadata", job.metadata());
    out.string("kind", "job").nil("counts");
    if (form.urls) {
      urls(out, base + "/v1/jobs/" + job.id());
    }
  }

  private static void times(JsonOut out, Job job) {
    JobTimes times = job.times();
    Instant finished = times.finishedAt();
    out.instant("created_at", job.createdAt());
    out.instant("run_at", times.runAt());
    out.instant("next_attempt_at", job.phase() == Phase.WAITING ? times.nextAttemptAt() : null);
    out.instant("started_at", times.startedAt());
    out.instant("finished_at", finished);
    out.millis("duration_ms", finished == null ? null : ran(times.startedAt(), finished));
    out.instant("deadline_at", times.deadlineAt());
    out.instant("expires_at", times.expiresAt());
  }

  private static Duration ran(@Nullable Instant started, Instant finished) {
    return started == null ? Duration.ZERO : Duration.between(started, finished);
  }

  private static void progress(JsonOut out, @Nullable Progress progress) {
    if (progress == null) {
      out.nil("progress");
    } else {
      out.object("progress", inner -> progressMembers(inner, progress));
    }
  }

  public static void progressMembers(JsonOut out, Progress progress) {
    out.number("fraction", progress.fraction());
    out.string("stage", progress.stage());
    out.string("message", progress.message());
  }

  public static void error(JsonOut out, @Nullable JobError error) {
    error(out, "error", error);
  }

  static void error(JsonOut out, String name, @Nullable JobError error) {
    if (error == null) {
      out.nil(name);
      return;
    }
    out.object(
        name,
        inner -> {
          inner.string("code", error.code().wire());
          inner.string("message", error.message());
          inner.bool("retryable", error.retryable());
          inner.number("attempt", error.attempt());
          inner.raw("upstream", error.upstream());
        });
  }

  private static void estimate(JsonOut out, @Nullable Estimate estimate) {
    if (estimate == null) {
      out.nil("eta");
      return;
    }
    out.object(
        "eta",
        inner ->
            inner
                .instant("finish_at", estimate.finishAt())
                .millis("low_ms", estimate.low())
                .millis("high_ms", estimate.high()));
  }

  private static void usage(JsonOut out, Usage usage) {
    out.object("usage", inner -> usageMembers(inner, usage));
  }

  static void usageMembers(JsonOut out, Usage usage) {
    out.number("input_tokens", usage.inputTokens());
    out.number("output_tokens", usage.outputTokens());
    out.micros("cost_usd", usage.costMicros());
  }

  private static void lineage(JsonOut out, Job job) {
    out.string("retry_of", text(job.retryOf()));
    out.string("retried_by", text(job.retriedBy()));
    var lineage = job.lineage();
    if (lineage == null) {
      out.nil("parent");
    } else {
      out.object(
          "parent",
          inner ->
              inner
                  .string("job", lineage.parent().toString())
                  .string("root", lineage.root().toString())
                  .string("step", lineage.step())
                  .number("index", lineage.index()));
    }
    Occasion occasion = job.occasion();
    if (occasion == null) {
      out.nil("schedule");
    } else {
      out.object(
          "schedule",
          inner ->
              inner
                  .string("name", occasion.schedule())
                  .instant("nominal_at", occasion.nominalAt()));
    }
  }

  private static void cancel(JsonOut out, @Nullable CancelReceipt receipt) {
    if (receipt == null) {
      out.nil("cancel");
      return;
    }
    // A suspended attempt has no runner, though what it waits for may go on.
    boolean stopped = receipt.was() != Phase.RUNNING || receipt.runnerStoppedAt() != null;
    out.object(
        "cancel",
        inner ->
            inner
                .instant("requested_at", receipt.requestedAt())
                .string("was", was(receipt))
                .instant("runner_stopped_at", receipt.runnerStoppedAt())
                .string("stopped_upstream", stopped ? "yes" : "unknown")
                .number("charged_usd", 0));
  }

  private static String was(CancelReceipt receipt) {
    Phase was = receipt.was();
    return was == Phase.SUSPENDED ? "suspended" : was.status().wire();
  }

  private static void urls(JsonOut out, String self) {
    out.object(
        "urls",
        inner ->
            inner
                .string("self", self)
                .string("events", self + "/events")
                .string("result", self + "/result")
                .string("cancel", self + "/cancel"));
  }

  private static @Nullable String text(@Nullable Object id) {
    return id == null ? null : id.toString();
  }

  private static @Nullable String wire(@Nullable WaitReason reason) {
    return reason == null ? null : reason.wire();
  }
}
