package dev.coatcheck.store.base;

import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.KnownSchedule.Last;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a schedule goes from one state to the next; the same in every store. */
public final class ScheduleCourse {

  /** How long a removed schedule is remembered, so that another of its name repeats nothing. */
  public static final Duration REMEMBERED = Duration.ofDays(2);

  private ScheduleCourse() {}

  /**
   * The schedule as a definition leaves it; the one before, itself, if it says nothing new.
   *
   * @param fresh whether there is none, or the one before is out of use: what is left of it then is
   *     only what must not happen again
   */
  public static KnownSchedule defined(
      @Nullable KnownSchedule before, boolean fresh, Command.DefineSchedule command, Instant now) {
    Schedule schedule = command.schedule();
    if (before != null && !fresh && before.schedule().equals(schedule)) {
      return before;
    }
    KnownSchedule kept = before != null && !fresh && goesOn(before, schedule) ? before : null;
    Instant next = kept == null ? command.next() : kept.next();
    return new KnownSchedule(
        schedule,
        before == null ? 1 : before.revision() + 1,
        kept == null ? Millis.of(command.anchor()) : kept.anchor(),
        schedule.paused() || next == null ? null : Millis.of(next),
        before == null ? null : before.passed(),
        before == null || fresh ? null : before.last(),
        before == null || fresh ? now : before.createdAt(),
        now);
  }

  /** Whether the instants stay what they are. */
  private static boolean goesOn(KnownSchedule before, Schedule schedule) {
    return before.schedule().timing().equals(schedule.timing())
        && !before.schedule().paused()
        && !schedule.paused();
  }

  /** Whether the schedule stands where the tick says, and the instant has come. */
  public static boolean stands(@Nullable KnownSchedule known, Command.Tick tick, Instant now) {
    return known != null
        && known.next() != null
        && known.revision() == tick.at().revision()
        && known.next().equals(tick.at().next())
        && !tick.nominal().isBefore(known.next())
        && !tick.nominal().isAfter(now);
  }

  /** Why the instant gets no job, whatever the store would say; null for nothing. */
  public static @Nullable PassedOver obstacle(KnownSchedule known, Command.Tick tick) {
    if (known.hasPassed(tick.nominal())) {
      return PassedOver.MISSED;
    }
    return tick.job() == null ? Objects.requireNonNull(tick.why()) : null;
  }

  /** What the tick comes to if its job was submitted with this result. */
  public static Result.TickResult result(Result.SubmitResult submitted) {
    return switch (submitted) {
      case Result.Accepted(var job) -> new Result.Ticked(job);
      case Result.Started(var job, var grant) -> new Result.Ticked(job);
      case Result.QueueFull(var limit) -> new Result.InstantPassed(PassedOver.QUEUE_FULL);
      case Result.NoSuchFile(var file) -> new Result.InstantPassed(PassedOver.FILE_NOT_FOUND);
      case Result.Existing(var job) -> new Result.InstantPassed(PassedOver.EXISTING);
      case Result.Replayed(var job) -> new Result.InstantPassed(PassedOver.EXISTING);
      case Result.KeyReused(var job) -> new Result.InstantPassed(PassedOver.EXISTING);
    };
  }

  /** The schedule after a tick. An instant that had passed before has nothing new to tell. */
  public static KnownSchedule moved(
      KnownSchedule known, Command.Tick tick, Result.TickResult result) {
    Instant next = tick.next() == null ? null : Millis.of(tick.next());
    Last before = known.last();
    if (before != null && known.hasPassed(tick.nominal())) {
      return known.moved(before, next);
    }
    Last last =
        switch (result) {
          case Result.Ticked(var job) -> new Last(tick.nominal(), job.id(), null);
          case Result.InstantPassed(var why) -> new Last(tick.nominal(), null, why);
          case Result.TickLost() -> Objects.requireNonNull(before);
        };
    return known.moved(last, next);
  }
}
