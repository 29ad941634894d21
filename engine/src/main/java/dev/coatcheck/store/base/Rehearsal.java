package dev.coatcheck.store.base;

import dev.coatcheck.job.Idempotency;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.store.NewJob;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Result.SubmitResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether many submissions would all be taken, before the first is stored: what one of them
 * would change counts for those after it.
 */
public final class Rehearsal {

  /** Looks at one submission as if that many more jobs of its worker were queued. */
  @FunctionalInterface
  public interface Look<E extends Exception> {

    /** What stands in the way of storing the job; null for nothing. */
    @Nullable SubmitResult at(NewJob job, int more) throws E;
  }

  private record Key(TenantId tenant, Payload key) {}

  private record Use(Payload fingerprint, JobId job) {}

  private final Map<String, Integer> queued = new HashMap<>();
  private final Map<Key, Use> keys = new HashMap<>();
  private final Set<List<String>> uniques = new HashSet<>();

  private Rehearsal() {}

  /** The first refusal, if there is one. */
  public static <E extends Exception> Optional<Result.NoneSubmitted> of(
      List<NewJob> jobs, Look<E> look) throws E {
    Rehearsal rehearsal = new Rehearsal();
    for (int place = 0; place < jobs.size(); place++) {
      SubmitResult answer = rehearsal.answer(jobs.get(place), look);
      if (answer != null && answer.refused()) {
        return Optional.of(new Result.NoneSubmitted(place, answer));
      }
    }
    return Optional.empty();
  }

  private <E extends Exception> @Nullable SubmitResult answer(NewJob job, Look<E> look) throws E {
    Idempotency key = job.idempotency();
    Use before = key == null ? null : keys.get(new Key(job.tenant(), key.key()));
    if (key != null && before != null) {
      return before.fingerprint().equals(key.fingerprint())
          ? new Result.Replayed(before.job())
          : new Result.KeyReused(before.job());
    }
    SubmitResult answer = look.at(job, queued.getOrDefault(job.worker(), 0));
    String unique = job.uniqueKey();
    boolean first =
        unique == null || uniques.add(List.of(job.tenant().value(), job.worker(), unique));
    if (answer == null && first) {
      queued.merge(job.worker(), 1, Integer::sum);
    }
    if (key != null) {
      keys.put(new Key(job.tenant(), key.key()), new Use(key.fingerprint(), job.id()));
    }
    return answer;
  }
}
