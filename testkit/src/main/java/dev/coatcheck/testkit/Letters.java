package dev.coatcheck.testkit;

import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.DeadLetterGroup;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.DeadLetterQuery;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The dead letters of the in-memory store. */
final class Letters {

  /** One of them. */
  private static final class Letter {
    final Row row;
    final DeadLetter dead;
    State state = State.OPEN;
    @Nullable JobId redrivenAs;

    Letter(Row row, DeadLetter dead) {
      this.row = row;
      this.dead = dead;
    }

    JobError error() {
      return Objects.requireNonNull(row.error);
    }

    Instant failedAt() {
      return Objects.requireNonNull(row.finishedAt);
    }

    Place place() {
      return new Place(failedAt(), row.id());
    }

    DeadLetterEntry entry() {
      return new DeadLetterEntry(
          row.id(),
          row.worker(),
          error().code(),
          dead.reason(),
          error().message(),
          dead.fingerprint(),
          row.attempt,
          row.usage().costMicros(),
          failedAt(),
          state,
          redrivenAs);
    }
  }

  private record Alike(String worker, String code, String fingerprint) {}

  private static final Comparator<Place> NEWEST_FIRST =
      Comparator.comparing(Place::at).thenComparing(Place::job).reversed();

  private final Map<JobId, Letter> letters = new HashMap<>();

  void add(Row row, DeadLetter dead) {
    letters.put(row.id(), new Letter(row, dead));
  }

  /** Decides on an open letter; whether it was open. */
  boolean close(JobId job, State state, @Nullable JobId as) {
    Letter letter = letters.get(job);
    if (letter == null || letter.state != State.OPEN) {
      return false;
    }
    letter.state = state;
    letter.redrivenAs = as;
    return true;
  }

  /** Takes a letter out; whether it was open. */
  boolean remove(JobId job) {
    Letter letter = letters.remove(job);
    return letter != null && letter.state == State.OPEN;
  }

  Optional<DeadLetterEntry> find(TenantId tenant, JobId job) {
    Letter letter = letters.get(job);
    return letter == null || !letter.row.born.tenant().equals(tenant)
        ? Optional.empty()
        : Optional.of(letter.entry());
  }

  List<DeadLetterEntry> page(DeadLetterQuery query) {
    return matching(query).limit(query.limit()).map(Letter::entry).toList();
  }

  List<Place> places(DeadLetterQuery query) {
    return matching(query).limit(query.limit()).map(Letter::place).toList();
  }

  long count(DeadLetterQuery query) {
    return matching(query).limit(query.limit()).count();
  }

  List<DeadLetterGroup> groups(DeadLetterQuery query) {
    Map<Alike, DeadLetterGroup> groups = new LinkedHashMap<>();
    matching(query)
        .forEach(letter -> {
          DeadLetterEntry entry = letter.entry();
          groups.merge(
              new Alike(entry.worker(), entry.code().wire(), entry.fingerprint()),
              new DeadLetterGroup(
                  entry.worker(),
                  entry.code(),
                  entry.fingerprint(),
                  entry.message(),
                  1,
                  entry.failedAt()),
              Letters::joined);
        });
    return groups.values().stream()
        .sorted(
            Comparator.comparingLong(DeadLetterGroup::count)
                .thenComparing(DeadLetterGroup::lastAt)
                .reversed())
        .limit(query.limit())
        .toList();
  }

  /** The first one is the newest. */
  private static DeadLetterGroup joined(DeadLetterGroup first, DeadLetterGroup more) {
    return new DeadLetterGroup(
        first.worker(),
        first.code(),
        first.fingerprint(),
        first.message(),
        first.count() + more.count(),
        first.lastAt());
  }

  private Stream<Letter> matching(DeadLetterQuery query) {
    return letters.values().stream()
        .filter(letter -> matches(letter, query))
        .sorted((a, b) -> NEWEST_FIRST.compare(a.place(), b.place()));
  }

  private static boolean matches(Letter letter, DeadLetterQuery query) {
    DeadLetterFilter filter = query.filter();
    Place before = query.before();
    Instant from = filter.failedAfter();
    Instant to = filter.failedBefore();
    return letter.row.born.tenant().equals(query.tenant())
        && letter.state == query.state()
        && meets(filter.worker(), letter.row.worker())
        && meets(filter.code(), letter.error().code().wire())
        && meets(filter.fingerprint(), letter.dead.fingerprint())
        && (from == null || !letter.failedAt().isBefore(from))
        && (to == null || letter.failedAt().isBefore(to))
        && (before == null || NEWEST_FIRST.compare(letter.place(), before) > 0);
  }

  private static boolean meets(@Nullable String wanted, String given) {
    return wanted == null || wanted.equals(given);
  }
}
