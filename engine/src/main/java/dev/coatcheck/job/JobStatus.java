package dev.coatcheck.job;

import java.util.Locale;
import java.util.Optional;

/** What a caller sees of a job's state. The last four are final. */
public enum JobStatus {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  TIMED_OUT,
  CANCELED;

  private final String wire = name().toLowerCase(Locale.ROOT);

  public boolean done() {
    return this != QUEUED && this != RUNNING;
  }

  /** The name in JSON, SQL and on the command line. */
  public String wire() {
    return wire;
  }

  public static Optional<JobStatus> parse(String wire) {
    for (JobStatus status : values()) {
      if (status.wire.equals(wire)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
