package dev.coatcheck.job;

import java.util.List;

/** How a job ends by the hand of its runner, or of the server that watches its clocks. */
public sealed interface Outcome {

  Usage usage();

  /**
   * The worker's answer.
   *
   * @param files what it made; each must be a file of the job's tenant
   */
  record Succeeded(Payload output, Usage usage, List<FileId> files) implements Outcome {
    public Succeeded(Payload output, Usage usage) {
      this(output, usage, List.of());
    }
  }

  /** No attempt left, or a failure that no further attempt can mend. */
  record Failed(JobError error, Usage usage) implements Outcome {
    public Failed {
      if (error.code().timeout()) {
        throw new IllegalArgumentException(error.code() + " is a timeout, not a failure");
      }
    }
  }

  /** One of the job's clocks ran out. */
  record TimedOut(JobError error, Usage usage) implements Outcome {
    public TimedOut {
      if (!error.code().timeout()) {
        throw new IllegalArgumentException(error.code() + " is a failure, not a timeout");
      }
    }
  }

  /** {@link Failed} or {@link TimedOut}, as the code says. */
  static Outcome unsuccessful(JobError error, Usage usage) {
    return error.code().timeout() ? new TimedOut(error, usage) : new Failed(error, usage);
  }
}
