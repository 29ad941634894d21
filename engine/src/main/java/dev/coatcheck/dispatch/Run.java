package dev.coatcheck.dispatch;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.commit.Committer;
import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.handler.WorkFile;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Progress;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.keep.Files;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.Resume;
import dev.coatcheck.report.Ending;
import dev.coatcheck.report.Reports;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.Task;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt in this process: its handler's context, and how it ends. */
final class Run implements WorkContext {

  private static final Logger log = LoggerFactory.getLogger(Run.class);

  private final Grant grant;
  private final LocalWorker worker;
  private final Ending ending;
  private final Committer committer;
  private final Machine machine;
  private final int outputMax;
  private final Files files;
  private final Reports reports;
  private final Instant stopsAt;
  private final AtomicReference<@Nullable StopReason> stopping = new AtomicReference<>();
  private final AtomicReference<@Nullable Task> task = new AtomicReference<>();

  private final AtomicReference<@Nullable CallbackToken> callback = new AtomicReference<>();

  /** Who sets this records the end of the attempt: the handler's task, or whoever stopped it. */
  private final AtomicBoolean ended = new AtomicBoolean();

  Run(
      Grant grant,
      LocalWorker worker,
      Committer committer,
      Machine machine,
      Dispatcher.Means means,
      Reports.Factory reports) {
    this.grant = grant;
    this.worker = worker;
    this.ending =
        new Ending(
            grant.token(),
            grant.attempt(),
            grant.maxAttempts(),
            means.catalog().version(grant.worker(), grant.workerVersion()).retry());
    this.committer = committer;
    this.machine = machine;
    this.outputMax = means.outputMax();
    this.files = means.files();
    this.reports = reports.of(grant.token(), () -> stop(StopReason.LOST));
    this.stopsAt = grant.startedAt().plus(timeLeft());
  }

  Grant grant() {
    return grant;
  }

  LocalWorker worker() {
    return worker;
  }

  /** How long the attempt may execute, and what stops it then. */
  Duration timeLeft() {
    Duration untilDeadline = untilDeadline();
    return untilDeadline.compareTo(grant.runTimeout()) < 0 ? untilDeadline : grant.runTimeout();
  }

  StopReason timeoutReason() {
    return untilDeadline().compareTo(grant.runTimeout()) <= 0
        ? StopReason.DEADLINE
        : StopReason.RUN_TIMEOUT;
  }

  private Duration untilDeadline() {
    Instant deadline = grant.deadlineAt();
    return deadline == null
        ? Duration.ofDays(36_500)
        : Duration.between(grant.startedAt(), deadline);
  }

  /** Calls the handler and tells what is to be recorded; empty if the end is recorded elsewhere. */
  Optional<Command> execute() {
    Command end = call();
    StopReason reason = stopping.get();
    if (reason == StopReason.CANCELED || reason == StopReason.LOST) {
      end = ofStop(reason);
    }
    return end() ? Optional.of(end) : Optional.empty();
  }

  private Command call() {
    try {
      if (stopping.get() != null) {
        throw new InterruptedException();
      }
      return ofReply(worker.handler().handle(this, grant.input()));
    } catch (InterruptedException interrupted) {
      StopReason reason = stopping.get();
      return reason == null
          ? ofFailure(WorkFailure.retryable(ErrorCode.WORKER_ERROR, "the handler was interrupted"))
          : ofStop(reason);
    } catch (WorkFailure failure) {
      return ofFailure(failure);
    } catch (Throwable defect) {
      log.warn("attempt {} of {} failed", grant.attempt(), grant.token().job(), defect);
      String message = "the handler failed: " + defect;
      return ofFailure(WorkFailure.retryable(ErrorCode.WORKER_ERROR, message));
    }
  }

  /** What is to be recorded when the attempt is stopped for this reason. */
  Command ofStop(StopReason reason) {
    return switch (reason) {
      case RUN_TIMEOUT ->
          ending.ofRunTimeout(grant.runTimeout(), reports.lastUsage(), machine.random());
      case DEADLINE -> ending.ofDeadline(reports.lastUsage());
      case SHUTDOWN -> new Command.Park(grant.token(), new Parking.Release());
      case CANCELED, LOST -> new Command.RunnerStopped(grant.token());
    };
  }

  private Command ofReply(Reply reply) {
    return switch (reply) {
      case Reply.Completed(var output, var usage) when output.size() > outputMax ->
          tooLarge(output);
      case Reply.Completed(var output, var usage) ->
          new Command.Settle(
              grant.token(),
              new Outcome.Succeeded(output, usage.equals(Usage.NONE) ? lastUsage() : usage));
      case Reply.Busy(var retryAfter, var reason) ->
          new Command.Park(grant.token(), new Parking.Busy(reason, retryAfter));
      case Reply.Suspended(var suspension) -> new Command.Suspend(grant.token(), suspension);
    };
  }

  private Command tooLarge(Payload output) {
    String message = "the output has " + output.size() + " bytes, more than " + outputMax;
    return ofFailure(WorkFailure.permanent(ErrorCode.OUTPUT_TOO_LARGE, message));
  }

  private Command ofFailure(WorkFailure failure) {
    return ending.ofFailure(failure, machine.random());
  }

  private Usage lastUsage() {
    return reports.lastUsage();
  }

  /** Takes the right to record the end; true once. Held reports are sent first. */
  boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    reports.close();
    return true;
  }

  /** Tells the handler to stop; the first reason stays. Whether it is this one. */
  boolean stop(StopReason reason) {
    boolean first = !ended.get() && stopping.compareAndSet(null, reason);
    Task running = task.get();
    if (first && running != null && !ended.get()) {
      running.interrupt();
    }
    return first;
  }

  void forked(Task forked) {
    task.set(forked);
    if (stopping.get() != null) {
      forked.interrupt();
    }
  }

  @Override
  public JobId job() {
    return grant.token().job();
  }

  @Override
  public TenantId tenant() {
    return grant.tenant();
  }

  @Override
  public int attempt() {
    return grant.attempt();
  }

  @Override
  public int maxAttempts() {
    return grant.maxAttempts();
  }

  @Override
  public int grants() {
    return grant.grants();
  }

  @Override
  public Instant now() {
    return machine.now();
  }

  @Override
  public Map<String, String> metadata() {
    return grant.metadata();
  }

  @Override
  public CallbackToken callback() throws InterruptedException {
    checkpoint();
    CallbackToken made =
        CallbackToken.of(grant.token().job(), grant.token().fence(), machine.random());
    CallbackToken token = callback.compareAndSet(null, made) ? made : callback.get();
    Result opened =
        committer.commit(
            new Command.OpenCallback(grant.token(), java.util.Objects.requireNonNull(token)));
    if (opened instanceof Result.LeaseLost) {
      stop(StopReason.LOST);
      throw new InterruptedException("the lease is lost");
    }
    return token;
  }

  @Override
  public Optional<Resume> resume() {
    return Optional.ofNullable(grant.resume());
  }

  @Override
  public WorkFile file(FileId id) throws WorkFailure {
    return files
        .forWork(grant.tenant(), id)
        .orElseThrow(() ->
            WorkFailure.permanent(ErrorCode.INPUT_UNAVAILABLE, "There is no file " + id + "."));
  }

  @Override
  public Instant stopsAt() {
    return stopsAt;
  }

  @Override
  public Optional<StopReason> stopping() {
    return Optional.ofNullable(stopping.get());
  }

  @Override
  public void checkpoint() throws InterruptedException {
    if (stopping.get() != null) {
      throw new InterruptedException("stopped: " + stopping.get());
    }
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    machine.sleep(duration);
  }

  @Override
  public void progress(
      @Nullable Double fraction, @Nullable String stage, @Nullable String message) {
    reports.progress(new Progress(fraction, stage, message));
  }

  @Override
  public void log(String level, String message) {
    reports.log(level, message);
  }

  @Override
  public void output(String chunk) {
    reports.output(chunk);
  }

  @Override
  public void usage(Usage usage) {
    reports.usage(usage);
  }
}
