package dev.coatcheck.engine;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Submissions with one option set. */
final class Submissions {

  private Submissions() {}

  static Submission delayed(String worker, Duration delay) {
    return new Submission(
        TenantId.DEFAULT,
        worker,
        Payload.EMPTY,
        null,
        null,
        null,
        delay,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        List.of(),
        null,
        null,
        CacheUse.USE,
        null);
  }

  static Submission prioritized(String worker, String input, int priority) {
    return new Submission(
        TenantId.DEFAULT,
        worker,
        Payload.utf8(input),
        null,
        priority,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        List.of(),
        null,
        null,
        CacheUse.USE,
        null);
  }
}
