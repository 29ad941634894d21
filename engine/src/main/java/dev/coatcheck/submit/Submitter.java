package dev.coatcheck.submit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Reuse;
import dev.coatcheck.job.Sha256;
import dev.coatcheck.job.Submission;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.SubmitResult;
import dev.coatcheck.worker.WorkerSpec;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
        reuse(submission, worker),
        0);
  }

  private static @Nullable Reuse reuse(Submission submission, KnownWorker worker) {
    WorkerSpec spec = worker.spec();
    boolean nothing = !spec.coalesces() && spec.cacheTtl() == null;
    if (nothing || submission.cache() == CacheUse.OFF) {
      return null;
    }
    // Who repeats a job wants it done again, and who names a time wants it done then.
    boolean now = startsNow(submission);
    boolean cached =
        spec.cacheTtl() != null
            && submission.cache() == CacheUse.USE
            && submission.retryOf() == null
            && now;
    return new Reuse(
        likeness(submission, worker.version()), cached, spec.cacheTtl(), spec.coalesces() && now);
  }

  private static Payload likeness(Submission submission, int version) {
    Payload input = Objects.requireNonNullElse(submission.likeness(), submission.input());
    byte[] worker = (submission.worker() + '\n' + version + '\n').getBytes(UTF_8);
    byte[] all = Arrays.copyOf(worker, worker.length + input.size());
    System.arraycopy(input.bytes(), 0, all, worker.length, input.size());
    return Payload.of(Sha256.of(all));
  }

  private JobId newId() {
    return JobId.of(machine.now(), machine.random().nextInt(), machine.random().nextLong());
  }
}
