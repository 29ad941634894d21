package dev.coatcheck.lend;

import dev.coatcheck.lease.RunnerId;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A runner's wish for work.
 *
 * @param runner null for one that comes for the first time
 * @param name what it calls itself, for people
 * @param version of its code, for people
 * @param workers whose jobs it takes, in the order of its choice; each must be known
 * @param max jobs at most
 * @param patience for how long, if there is nothing now
 * @param gone whether the runner no longer waits for the answer, as far as can be told
 */
public record Order(
    @Nullable RunnerId runner,
    @Nullable String name,
    @Nullable String version,
    List<String> workers,
    int max,
    Duration patience,
    BooleanSupplier gone) {

  public Order {
    workers = List.copyOf(workers);
  }
}
