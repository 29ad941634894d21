package dev.coatcheck.submit;

import dev.coatcheck.job.JobId;
import dev.coatcheck.lease.Grant;

/** Starts a job on this node at the moment it is submitted, if a slot is free. */
public interface Starter {

  /** Takes a free slot of the worker for a job about to be submitted. */
  boolean reserve(String worker, JobId job);

  /** Runs the job in the slot reserved for it. */
  void start(Grant grant);

  /** Gives back a reserved slot that the job did not need. */
  void giveBack(String worker, JobId job);

  /** Gives back a reserved slot, as it is not known whether the job was granted to this node. */
  void giveUp(String worker, JobId job);
}
