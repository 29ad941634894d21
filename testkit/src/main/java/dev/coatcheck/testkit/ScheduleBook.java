package dev.coatcheck.testkit;

import dev.coatcheck.job.Job;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.DueSchedules;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.ScheduleCourse;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The schedules of the in-memory store. */
final class ScheduleBook {

  private record Key(String tenant, String name) implements Comparable<Key> {

    static Key of(TenantId tenant, String name) {
      return new Key(tenant.value(), name);
    }

    @Override
    public int compareTo(Key other) {
      return Comparator.comparing(Key::tenant).thenComparing(Key::name).compare(this, other);
    }
  }

  private final Map<Key, KnownSchedule> inUse = new TreeMap<>();

  /** Those that were removed, for as long as one of their name must not repeat their instants. */
  private final Map<Key, KnownSchedule> removed = new TreeMap<>();

  Result define(Transaction tx, Command.DefineSchedule command) {
    Schedule schedule = command.schedule();
    Key key = Key.of(schedule.tenant(), schedule.name());
    KnownSchedule before = inUse.get(key);
    KnownSchedule last = before == null ? removed.remove(key) : before;
    KnownSchedule now = ScheduleCourse.defined(last, before == null, command, tx.now);
    inUse.put(key, now);
    tx.told.scheduled(now.next());
    return new Result.ScheduleDefined(now, before == null);
  }

  Result remove(Transaction tx, TenantId tenant, String name) {
    Key key = Key.of(tenant, name);
    KnownSchedule known = inUse.remove(key);
    if (known != null && known.passed() != null) {
      removed.put(key, known);
    }
    Instant old = tx.now.minus(ScheduleCourse.REMEMBERED);
    removed.values().removeIf(each -> Objects.requireNonNull(each.passed()).isBefore(old));
    return new Result.ScheduleRemoved(known != null);
  }

  Result.TickResult tick(Transaction tx, Intake intake, Command.Tick tick) {
    Schedule schedule = tick.at().schedule();
    Key key = Key.of(schedule.tenant(), schedule.name());
    KnownSchedule known = inUse.get(key);
    if (known == null || !ScheduleCourse.stands(known, tick, tx.now)) {
      return new Result.TickLost();
    }
    PassedOver obstacle = ScheduleCourse.obstacle(known, tick);
    if (obstacle == null && schedule.overlap() == Overlap.SKIP && anyOpen(tx.table, schedule)) {
      obstacle = PassedOver.OVERLAP;
    }
    Result.TickResult result =
        obstacle != null
            ? new Result.InstantPassed(obstacle)
            : ScheduleCourse.result(intake.submit(Objects.requireNonNull(tick.job()), false));
    KnownSchedule moved = ScheduleCourse.moved(known, tick, result);
    inUse.put(key, moved);
    tx.told.scheduled(moved.next());
    return result;
  }

  private static boolean anyOpen(Table table, Schedule schedule) {
    return table.rows.values().stream()
        .map(row -> row.job(false))
        .filter(job -> !job.done() && job.tenant().equals(schedule.tenant()))
        .map(Job::occasion)
        .anyMatch(occasion -> of(occasion, schedule.name()));
  }

  private static boolean of(@Nullable Occasion occasion, String name) {
    return occasion != null && occasion.schedule().equals(name);
  }

  Optional<KnownSchedule> get(TenantId tenant, String name) {
    return Optional.ofNullable(inUse.get(Key.of(tenant, name)));
  }

  List<KnownSchedule> list(TenantId tenant, @Nullable String after, int limit) {
    return inUse.values().stream()
        .filter(known -> known.schedule().tenant().equals(tenant))
        .filter(known -> after == null || known.schedule().name().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  /** When the first of them names an instant. */
  @Nullable Instant next() {
    Instant next = null;
    for (KnownSchedule known : inUse.values()) {
      next = Row.earlier(next, known.next());
    }
    return next;
  }

  DueSchedules due(Instant now, int max) {
    List<KnownSchedule> due =
        inUse.values().stream()
            .filter(known -> known.next() != null && !known.next().isAfter(now))
            .sorted(Comparator.comparing(known -> Objects.requireNonNull(known.next())))
            .limit(max)
            .toList();
    Instant next = null;
    for (KnownSchedule known : inUse.values()) {
      if (known.next() != null && known.next().isAfter(now)) {
        next = Row.earlier(next, known.next());
      }
    }
    return new DueSchedules(due, next, now);
  }
}
