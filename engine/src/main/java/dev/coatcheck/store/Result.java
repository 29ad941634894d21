package dev.coatcheck.store;

import dev.coatcheck.callback.Effect;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.store.Reader.Finished;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a {@link Command}; each kind of command has its own closed set. */
public sealed interface Result {

  /** Of {@link Command.Submit}. */
  sealed interface SubmitResult extends Result {

    /** Whether no job stands for the submission. */
    default boolean refused() {
      return switch (this) {
        case Accepted accepted -> false;
        case Started started -> false;
        case Existing existing -> false;
        case Replayed replayed -> false;
        case KeyReused reused -> true;
        case QueueFull full -> true;
        case NoSuchFile missing -> true;
      };
    }
  }

  /** Of {@link Command.SubmitAll}. */
  sealed interface SubmitAllResult extends Result {}

  /** A job stands for each of the submissions, in their order. */
  record AllSubmitted(List<SubmitResult> results) implements SubmitAllResult {

    public AllSubmitted {
      results = List.copyOf(results);
    }
  }

  /**
   * One of the submissions was refused, and nothing was stored.
   *
   * @param place of the first that was, from 0
   */
  record NoneSubmitted(int place, SubmitResult refusal) implements SubmitAllResult {}

  /** Stored, ready or waiting. */
  record Accepted(Job job) implements SubmitResult {}

  /** Stored and granted to the submitting node. */
  record Started(Job job, Grant grant) implements SubmitResult {}

  /** An open job stands for this submission: same unique key, or the open retry of the same job. */
  record Existing(JobId job) implements SubmitResult {}

  /** The idempotency key was used before, for the same submission. */
  record Replayed(JobId job) implements SubmitResult {}

  /** The idempotency key was used before, for another submission. */
  record KeyReused(JobId job) implements SubmitResult {}

  /** The worker has as many queued jobs as it may have. */
  record QueueFull(int limit) implements SubmitResult, RedriveResult {}

  /** The tenant has no such file; nothing was changed. */
  record NoSuchFile(FileId file) implements SubmitResult, SettleResult, RedriveResult {}

  /** Of {@link Command.Settle}. */
  sealed interface SettleResult extends Result {}

  /** The outcome is recorded, once. */
  record Settled(Finished job, boolean deadLetter) implements SettleResult {}

  /** Of {@link Command.Park}. */
  sealed interface ParkResult extends Result {}

  /** Back in the queue; {@code nextAttemptAt} is null when it is ready at once. */
  record Parked(@Nullable Instant nextAttemptAt) implements ParkResult {}

  /** Of {@link Command.Append}. */
  sealed interface AppendResult extends Result {}

  /**
   * In the history.
   *
   * @param chunks of output accepted in this attempt so far
   */
  record Appended(long chunks) implements AppendResult {}

  /** Output chunks are missing before the given ones; nothing of the command was taken. */
  record OutputGap(long expected) implements AppendResult {}

  /** The token's fence or secret is not the job's current one; nothing was changed. */
  record LeaseLost()
      implements SettleResult, ParkResult, AppendResult, SuspendResult, OpenResult, UsageResult {}

  /** Of {@link Command.Suspend}. */
  sealed interface SuspendResult extends Result {}

  /** Waits for its callback. */
  record Suspended() implements SuspendResult {}

  /** The callback was here before: the job is ready to go on. */
  record ResumedAtOnce() implements SuspendResult {}

  /** Of {@link Command.OpenCallback}. */
  sealed interface OpenResult extends Result {}

  /** The token may call back. */
  record CallbackOpened() implements OpenResult {}

  /** Of {@link Command.Receive} and {@link Command.ReceiveProgress}. */
  sealed interface ReceiveResult extends Result {}

  /** The token is known. */
  record Received(Effect effect) implements ReceiveResult {}

  /** Another notice came under the same id. */
  record NoticeIdReused() implements ReceiveResult {}

  /** There is no such token, or no longer. */
  record NoSuchCallback() implements ReceiveResult {}

  /** Of {@link Command.ReportUsage}. */
  sealed interface UsageResult extends Result {}

  /**
   * Kept.
   *
   * @param late whether the lease had ended before
   */
  record UsageKept(boolean late) implements UsageResult {}

  /** Of {@link Command.Cancel}. */
  sealed interface CancelResult extends Result {}

  /** Canceled by this command; the job's receipt tells what it was. */
  record Canceled(Job job) implements CancelResult {}

  /** Was final before; nothing changed. */
  record AlreadyDone(Job job) implements CancelResult {}

  /** The tenant has no such job. */
  record NoSuchJob() implements CancelResult {}

  /** Of {@link Command.RunnerStopped}: recorded if the job was canceled under that lease. */
  record Noted() implements Result {}

  /** Of {@link Command.AddFile}. */
  record FileAdded() implements Result {}

  /**
   * Of {@link Command.Define}.
   *
   * @param created whether the worker was not in use before
   */
  record Defined(int version, boolean created) implements Result {}

  /** Of {@link Command.Remove}. */
  sealed interface RemoveResult extends Result {}

  /** No longer in use. */
  record Removed() implements RemoveResult {}

  /** Jobs of it are open. */
  record InUse(long open) implements RemoveResult {}

  /** Of {@link Command.Remove} and {@link Command.Pause}: there is no such worker. */
  record NoSuchWorker() implements RemoveResult, PauseResult {}

  /**
   * Of {@link Command.DefineSchedule}.
   *
   * @param created whether there was none of that name before
   */
  record ScheduleDefined(KnownSchedule schedule, boolean created) implements Result {}

  /**
   * Of {@link Command.RemoveSchedule}.
   *
   * @param found whether there was one
   */
  record ScheduleRemoved(boolean found) implements Result {}

  /** Of {@link Command.Tick}. */
  sealed interface TickResult extends Result {}

  /** The instant has its job. */
  record Ticked(Job job) implements TickResult {}

  /** The instant got no job; the schedule has moved on. */
  record InstantPassed(PassedOver why) implements TickResult {}

  /** The schedule does not stand at that instant, or it has not come yet; nothing was changed. */
  record TickLost() implements TickResult {}

  /** Of {@link Command.Pause}. */
  sealed interface PauseResult extends Result {}

  /** As it was told. */
  record PauseSet() implements PauseResult {}

  /** Of {@link Command.Redrive}. */
  sealed interface RedriveResult extends Result {}

  /** Stored; the dead letter names it. */
  record Redriven(Job job) implements RedriveResult {}

  /** The dead letter was redriven before. */
  record AlreadyRedriven(JobId as) implements RedriveResult {}

  /** The dead letter was set aside. */
  record LetterDiscarded() implements RedriveResult {}

  /** The tenant has no dead letter of that job. */
  record NotADeadLetter() implements RedriveResult {}

  /**
   * Of {@link Command.Discard}.
   *
   * @param letters how many were open and are no more
   */
  record Discarded(int letters) implements Result {}

  /** Of {@link Command.Begin}. */
  record Begun(Operation operation) implements Result {}

  /** Of {@link Command.Advance}. */
  sealed interface AdvanceResult extends Result {}

  /**
   * The slice is done.
   *
   * @param results of its deeds, as far as they were done
   */
  record Advanced(Operation operation, List<Result> results) implements AdvanceResult {}

  /** The operation is done, or at another version, or unknown; nothing was done. */
  record Overtaken() implements AdvanceResult {}

  /** The next slice is not due by the store's clock; nothing was done. */
  record NotYet() implements AdvanceResult {}

  /** Of {@link Command.Deed.Refuse}. */
  record Refused() implements Result {}

  /** Of {@link Command.Deed.Cancel}: the job is in another status. */
  record Elsewhere() implements Result {}
}
