package dev.coatcheck.client;

/** The job has not ended in the time that was given to wait for it. */
public final class JobStillOpen extends CoatcheckException {

  private static final long serialVersionUID = 1L;

  private final transient Job job;

  JobStillOpen(Job job) {
    super(job.id() + " is still " + job.status());
    this.job = job;
  }

  public Job job() {
    return job;
  }
}
