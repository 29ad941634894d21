package dev.coatcheck.worker;

import dev.coatcheck.job.JobStatus;
import java.time.Duration;

/** How long a finished job is kept, by the way it ended. {@code failed} covers timeouts. */
public record Retention(Duration succeeded, Duration failed, Duration canceled) {

  public static final Retention DEFAULT =
      new Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(7));

  public Retention {
    if (!succeeded.isPositive() || !failed.isPositive() || !canceled.isPositive()) {
      throw new IllegalArgumentException("retention must be positive");
    }
  }

  public Duration of(JobStatus status) {
    return switch (status) {
      case SUCCEEDED -> succeeded;
      case FAILED, TIMED_OUT -> failed;
      case CANCELED -> canceled;
      case QUEUED, RUNNING -> throw new IllegalArgumentException(status + " is not final");
    };
  }
}
