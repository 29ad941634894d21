package dev.coatcheck.tick;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The schedules of all tenants: what there is, and changes of it. */
public final class Schedules {

  private final Reader reader;
  private final Committer committer;
  private final Timetable timetable;
  private final Machine machine;

  public Schedules(Reader reader, Committer committer, Timetable timetable, Machine machine) {
    this.reader = reader;
    this.committer = committer;
    this.timetable = timetable;
    this.machine = machine;
  }

  /**
   * Makes a schedule known, or replaces the one of its name. One that says nothing new changes
   * nothing. One whose timing stays keeps its instants; after a pause they go on with the first to
   * come.
   *
   * @throws IllegalArgumentException if its timing is not understood, or names no instant; the
   *     message says why
   */
  public Result.ScheduleDefined define(Schedule schedule) throws InterruptedException {
    Instant now = machine.now();
    Instant anchor =
        reader
            .schedule(schedule.tenant(), schedule.name())
            .filter(known -> known.schedule().timing().equals(schedule.timing()))
            .map(KnownSchedule::anchor)
            .orElse(now);
    Instant next =
        timetable
            .next(schedule.timing(), anchor, now)
            .orElseThrow(() -> new IllegalArgumentException("names no instant that will come"));
    return (Result.ScheduleDefined)
        committer.commit(new Command.DefineSchedule(schedule, anchor, next));
  }

  /** Which timings are understood. */
  public Timetable timetable() {
    return timetable;
  }

  /** Ends a schedule; false if the tenant has none of that name. Its jobs are left alone. */
  public boolean remove(TenantId tenant, String name) throws InterruptedException {
    return ((Result.ScheduleRemoved) committer.commit(new Command.RemoveSchedule(tenant, name)))
        .found();
  }

  /** The tenant's schedule of that name. */
  public Optional<KnownSchedule> get(TenantId tenant, String name) {
    return reader.schedule(tenant, name);
  }

  /**
   * The tenant's schedules by name.
   *
   * @param after names after this one only; null from the first on
   */
  public List<KnownSchedule> list(TenantId tenant, @Nullable String after, int limit) {
    return reader.schedules(tenant, after, limit);
  }

  /**
   * The instants that a schedule names next, for who wants to see them.
   *
   * @throws IllegalArgumentException if its timing is not understood; the message says why
   */
  public List<Instant> upcoming(KnownSchedule known, int count) {
    List<Instant> instants = new ArrayList<>();
    Instant next = known.next();
    while (next != null && instants.size() < count) {
      instants.add(next);
      next = timetable.next(known.schedule().timing(), known.anchor(), next).orElse(null);
    }
    return List.copyOf(instants);
  }
}
