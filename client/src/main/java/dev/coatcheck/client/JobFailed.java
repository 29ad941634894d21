package dev.coatcheck.client;

/** The job ended without an output. */
public final class JobFailed extends CoatcheckException {

  private static final long serialVersionUID = 1L;

  private final transient Job job;
  private final transient JobError error;

  JobFailed(Job job, JobError error) {
    super(job.id() + " " + job.status() + ": " + error.code() + ": " + error.message());
    this.job = job;
    this.error = error;
  }

  public Job job() {
    return job;
  }

  public JobError error() {
    return error;
  }
}
