package dev.coatcheck.lend;

import dev.coatcheck.handler.WorkFailure;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.lease.LeaseToken;

/** What a runner says of a job that it has worked on; the lease is over with it. */
public sealed interface LastWord {

  LeaseToken lease();

  /** The work is done. */
  record Done(LeaseToken lease, Outcome.Succeeded outcome) implements LastWord {}

  /** The attempt failed; the worker's retry policy decides whether another follows. */
  record Failed(LeaseToken lease, WorkFailure failure) implements LastWord {}
}
