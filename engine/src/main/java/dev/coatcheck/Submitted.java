package dev.coatcheck;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;

/** What became of a submission. */
public sealed interface Submitted {

  /** A new job, durable. */
  record Created(Job job) implements Submitted {}

  /** An open job with the same unique key, or the open retry of the same job, stands for it. */
  record Existing(Job job) implements Submitted {}

  /** The same submission was made before under its idempotency key; the job as it is now. */
  record Replayed(Job job) implements Submitted {}

  /** The job that the idempotency key or unique key named has been pruned meanwhile. */
  record Gone(JobId job) implements Submitted {}

  /** The idempotency key was used for another submission. */
  record KeyReused(JobId job) implements Submitted {}

  /** The input refers to a file that the tenant does not have. */
  record NoSuchFile(FileId file) implements Submitted {}

  /** The worker has this many queued jobs and takes no more now. */
  record QueueFull(int limit) implements Submitted {}

  record NoSuchWorker(String worker) implements Submitted {}
}
