package dev.coatcheck.client.work;

/** Why an attempt is told to stop. */
public enum StopReason {
  CANCELED,
  /** The run timeout is over. */
  TIMED_OUT,
  DEADLINE,
  /** The lease went away: to another runner, or because no heartbeat reached the server. */
  LOST,
  /** The job has ended. */
  FINISHED,
  /** The runner stops and hands the job back. */
  SHUTDOWN
}
