package dev.coatcheck.operation;

import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.Payload;
import org.jspecify.annotations.Nullable;

/** What an operation is to do, and to which jobs. */
public sealed interface Order {

  /** The name of its kind in JSON and SQL. */
  String kind();

  /**
   * Repeats the jobs of open dead letters.
   *
   * @param worker who does them; null for the worker that they failed with
   * @param patch a merge patch (RFC 7396) of each input; null leaves it
   */
  record Redrive(DeadLetterFilter filter, @Nullable String worker, @Nullable Payload patch)
      implements Order {

    public static final String KIND = "redrive";

    /** The jobs as they were. */
    public static Redrive asTheyWere(DeadLetterFilter filter) {
      return new Redrive(filter, null, null);
    }

    @Override
    public String kind() {
      return KIND;
    }
  }

  /** Cancels open jobs. */
  record Cancel(JobFilter filter) implements Order {

    public static final String KIND = "cancel";

    @Override
    public String kind() {
      return KIND;
    }
  }
}
