package dev.coatcheck.job;

/** The state of a job as the engine moves it; several phases can look like one status outside. */
public enum Phase {
  /** May be claimed now. */
  READY(JobStatus.QUEUED),
  /** Queued until a time: scheduled, after a failed attempt, or busy. */
  WAITING(JobStatus.QUEUED),
  /** Shares the outcome of a run that stands for several jobs; looks like that run outside. */
  FOLLOWING(JobStatus.QUEUED),
  /** Leased to a runner. */
  RUNNING(JobStatus.RUNNING),
  /** Waits for a callback, held by nobody. */
  SUSPENDED(JobStatus.RUNNING),
  SUCCEEDED(JobStatus.SUCCEEDED),
  FAILED(JobStatus.FAILED),
  TIMED_OUT(JobStatus.TIMED_OUT),
  CANCELED(JobStatus.CANCELED);

  private final JobStatus status;

  Phase(JobStatus status) {
    this.status = status;
  }

  public JobStatus status() {
    return status;
  }

  /** Whether a job in this phase never moves again. */
  public boolean done() {
    return status.done();
  }
}
