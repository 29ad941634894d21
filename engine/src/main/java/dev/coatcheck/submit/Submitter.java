package dev.coatcheck.submit;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Submission;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.SubmitResult;
import dev.coatcheck.worker.WorkerSpec;
import java.util.Objects;

/** The only way a job is born: fills in the worker's defaults, commits, starts it if it may. */
public final class Submitter {

  private final Committer committer;
  private final Starter starter;
  private final Machine machine;

  public Submitter(Committer committer, Starter starter, Machine machine) {
    this.committer = committer;
    this.starter = starter;
    this.machine = machine;
  }

  /** Returns when the submission is durable, or refused. */
  public SubmitResult submit(Submission submission, KnownWorker worker)
      throws InterruptedException {
    return submit(submission, worker, resolve(submission, worker));
  }

  /** The same for a job of a schedule that was asked for by hand. */
  public SubmitResult submit(Submission submission, KnownWorker worker, Occasion occasion)
      throws InterruptedException {
    return submit(submission, worker, resolve(submission, worker).on(occasion));
  }

  private SubmitResult submit(Submission submission, KnownWorker worker, NewJob job)
      throws InterruptedException {
    if (!startsNow(submission) || worker.paused() || !starter.reserve(job.worker(), job.id())) {
      return committer.submit(new Command.Submit(job, false));
    }
    boolean known = false;
    try {
      SubmitResult result = committer.submit(new Command.Submit(job, true));
      known = true;
      if (result instanceof Result.Started started) {
        starter.start(started.grant());
      } else {
        starter.giveBack(job.worker(), job.id());
      }
      return result;
    } finally {
      if (!known) {
        starter.giveUp(job.worker(), job.id());
      }
    }
  }

  /**
   * The same for an instant of a schedule.
   *
   * @param order of those that are resolved one after another, which this is; their ids rise with
   *     it, so that what was to be first starts first
   */
  public NewJob resolve(Submission submission, KnownWorker worker, Occasion occasion, int order) {
    JobId id = JobId.of(machine.now(), order, machine.random().nextLong());
    return resolve(id, submission, worker).on(occasion);
  }

  private static boolean startsNow(Submission submission) {
    return submission.runAt() == null && submission.delay() == null;
  }

  /** The job that a submission asks for, with its worker's defaults; not stored. */
  public NewJob resolve(Submission submission, KnownWorker worker) {
    return resolve(newId(), submission, worker);
  }

  private static NewJob resolve(JobId id, Submission submission, KnownWorker worker) {
    WorkerSpec spec = worker.spec();
    return new NewJob(
        id,
        submission.tenant(),
        submission.worker(),
        worker.version(),
        submission.input(),
        submission.uniqueKey(),
        Objects.requireNonNullElse(submission.priority(), spec.priority()),
        Objects.requireNonNullElse(submission.fairnessKey(), submission.tenant().value()),
        submission.runAt(),
        submission.delay(),
        submission.queueTimeout() != null ? submission.queueTimeout() : spec.queueTimeout(),
        Objects.requireNonNullElse(submission.runTimeout(), spec.runTimeout()),
        Objects.requireNonNullElse(submission.deadline(), spec.deadline()),
        Objects.requireNonNullElse(submission.maxAttempts(), spec.maxAttempts()),
        spec.queueLimit(),
        submission.metadata(),
        submission.files(),
        submission.idempotency(),
        submission.retryOf(),
        null,
        null,
        0);
  }

  private JobId newId() {
    return JobId.of(machine.now(), machine.random().nextInt(), machine.random().nextLong());
  }
}
