package dev.coatcheck.testkit;

import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.LeaseToken;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.lease.Suspension;
import dev.coatcheck.lease.Suspension.OnTimeout;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Parking;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Reader.WorkerCounts;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Weights;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** A store under test with a clock that the test moves, and short ways to say what it does. */
public abstract class StoreBench implements AutoCloseable {

  public static final TenantId TENANT = TenantId.DEFAULT;
  public static final RunnerId REMOTE = new RunnerId(7, 7);

  /** Of the lanes of every store on a bench. */
  public static final Weights WEIGHTS = Weights.parse("heavy=3,light=0.5");

  public static final Duration LEASE = Duration.ofSeconds(30);
  public static final Usage USAGE = new Usage(10L, 5L, 3_000L);

  private final ManualClock clock = ManualClock.atNoon();
  private @Nullable Store store;

  /**
   * Opens an empty store on {@link #clock}, with {@link #LEASE}, {@link #WEIGHTS} and indexed key
   * {@code user}.
   */
  protected abstract Store open();

  /** Closes the store and opens it again as a new process would. */
  protected abstract Store reopen(Store old);

  /** Whether a sweep tells exactly when it is due again, or perhaps a time before that. */
  public boolean exact() {
    return true;
  }

  /** Checks what a sweep told: how many it moved, and that it is due again no later than it is. */
  public final void check(Sweep told, int moved, @Nullable Instant next) {
    boolean before = next == null || (told.next() != null && told.next().isBefore(next));
    boolean early = !exact() && before;
    Assertions.assertThat(early ? new Sweep(told.moved(), next) : told)
        .isEqualTo(new Sweep(moved, next));
  }

  public final ManualClock clock() {
    return clock;
  }

  public final Store store() {
    if (store == null) {
      store = open();
    }
    return store;
  }

  public final void restart() {
    store = reopen(store());
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }

  public final Instant now() {
    return clock.instant();
  }

  public final Result commit(Command command) {
    return store().commit(List.of(command)).getFirst();
  }

  public final Result.SubmitResult submit(Jobs job) {
    return submit(job.build(now()));
  }

  public final Result.SubmitResult submit(NewJob job) {
    return (Result.SubmitResult) commit(new Command.Submit(job, false));
  }

  public final Job accepted(Jobs job) {
    return ((Result.Accepted) submit(job)).job();
  }

  public final Result.Started started(Jobs job) {
    return (Result.Started) commit(new Command.Submit(job.build(now()), true));
  }

  public final List<Grant> claim(String worker, int max) {
    return store()
        .claim(
            new ClaimPlan(new ClaimPlan.Holder.Node(), List.of(new ClaimPlan.Want(worker, max))));
  }

  public final Grant claimOne(String worker) {
    return claim(worker, 1).getFirst();
  }

  public final List<Grant> claimRemote(String worker, int max) {
    return store()
        .claim(
            new ClaimPlan(
                new ClaimPlan.Holder.Remote(REMOTE, LEASE),
                List.of(new ClaimPlan.Want(worker, max))));
  }

  /** A job that was submitted and granted to this node. */
  public final Grant running(Jobs job) {
    Job stored = accepted(job);
    Grant grant = claimOne(stored.worker());
    if (!grant.token().job().equals(stored.id())) {
      throw new IllegalStateException("another job of the worker was ready before");
    }
    return grant;
  }

  public final Grant runningRemotely(Jobs job) {
    return claimRemote(accepted(job).worker(), 1).getFirst();
  }

  public final Result complete(Grant grant, String output) {
    return commit(
        new Command.Settle(grant.token(), new Outcome.Succeeded(Payload.utf8(output), Usage.NONE)));
  }

  public final Result fail(Grant grant, ErrorCode code, boolean retryable) {
    JobError error = error(grant, code, retryable);
    return commit(new Command.Settle(grant.token(), Outcome.unsuccessful(error, Usage.NONE)));
  }

  public final Result park(LeaseToken lease, Parking parking) {
    return commit(new Command.Park(lease, parking));
  }

  public final Result backoff(Grant grant, Duration delay) {
    return park(
        grant.token(),
        new Parking.Backoff(error(grant, ErrorCode.WORKER_ERROR, true), Usage.NONE, delay));
  }

  public final Result busy(Grant grant, Duration delay) {
    return park(grant.token(), new Parking.Busy("429", delay));
  }

  public final Result release(Grant grant) {
    return park(grant.token(), new Parking.Release());
  }

  /** Suspends without a state; without a callback in time the attempt fails. */
  public final Result suspend(Grant grant, Duration timeout) {
    return suspend(grant, timeout, null, OnTimeout.FAIL);
  }

  public final Result suspend(
      Grant grant, Duration timeout, @Nullable String state, OnTimeout onTimeout) {
    Payload kept = state == null ? null : Payload.utf8(state);
    return commit(
        new Command.Suspend(grant.token(), new Suspension(timeout, kept, onTimeout, Usage.NONE)));
  }

  /** The token that a remote grant came with, or a fresh one made known for a local grant. */
  public final CallbackToken callback(Grant grant) {
    if (grant.callback() != null) {
      return grant.callback();
    }
    CallbackToken token =
        CallbackToken.of(grant.token().job(), grant.token().fence(), new SecureRandom());
    open(grant, token);
    return token;
  }

  public final Result open(Grant grant, CallbackToken token) {
    return commit(new Command.OpenCallback(grant.token(), token));
  }

  public final Result receive(CallbackToken token, Notice notice) {
    return commit(new Command.Receive(token, notice));
  }

  /** A callback without an id of its own. */
  public final Result receive(CallbackToken token, String body) {
    return receive(token, notice(null, body));
  }

  /** A text as a callback; notices of equal text have equal digests. */
  public static Notice notice(@Nullable String id, String body) {
    return new Notice("text/plain", Payload.utf8(body), id, Payload.utf8("digest of " + body));
  }

  public final Result cancel(JobId id) {
    return commit(new Command.Cancel(TENANT, id));
  }

  /** A job that failed for good with this message, and left a dead letter. */
  public final JobId dead(Jobs job, ErrorCode code, String message) {
    Grant grant = running(job);
    JobError error = JobError.of(code, message, false, grant.attempt());
    commit(new Command.Settle(grant.token(), Outcome.unsuccessful(error, USAGE)));
    return grant.token().job();
  }

  public static JobError error(Grant grant, ErrorCode code, boolean retryable) {
    return JobError.of(code, "it went wrong", retryable, grant.attempt());
  }

  public final Lookup look(JobId id) {
    return store().reader().job(TENANT, id);
  }

  public final Job job(JobId id) {
    return ((Lookup.Found) look(id)).job();
  }

  public final Job job(Grant grant) {
    return job(grant.token().job());
  }

  public final Phase phase(JobId id) {
    return job(id).phase();
  }

  public final List<Attempt> attempts(JobId id) {
    return store().reader().attempts(TENANT, id);
  }

  public final List<JobEvent> events(JobId id) {
    return store().reader().events(TENANT, id, 0, 10_000).events();
  }

  public final WorkerCounts counts(String worker) {
    return store().reader().counts(worker);
  }

  public final void advance(Duration by) {
    clock.advance(by);
  }

  /** Time passes and upkeep runs. */
  public final void later(Duration by) {
    advance(by);
    store().stage(1_000);
    store().rescue(1_000);
  }
}
