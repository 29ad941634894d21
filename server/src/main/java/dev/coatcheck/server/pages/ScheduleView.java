package dev.coatcheck.server.pages;

import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.server.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schedule for a person.
 *
 * @param upcoming its next instants; none while it is paused
 */
public record ScheduleView(
    Schedule schedule,
    List<Instant> upcoming,
    @Nullable Instant lastAt,
    @Nullable String lastJob,
    String passedOver) {

  static ScheduleView of(KnownSchedule known, List<Instant> upcoming) {
    KnownSchedule.Last last = known.last();
    if (last == null) {
      return new ScheduleView(known.schedule(), upcoming, null, null, "");
    }
    return new ScheduleView(
        known.schedule(),
        upcoming,
        last.nominalAt(),
        last.job() == null ? null : last.job().toString(),
        last.passedOver() == null ? "" : last.passedOver().wire().replace('_', ' '));
  }

  public String name() {
    return schedule.name();
  }

  public String worker() {
    return schedule.work().worker();
  }

  public boolean paused() {
    return schedule.paused();
  }

  /** When it names instants, in words. */
  public String timing() {
    return switch (schedule.timing()) {
      case Timing.Cron(String expression, var zone) ->
          expression + " " + (zone.getId().equals("Z") ? "UTC" : zone.getId());
      case Timing.Every(Duration period, var zone) -> "every " + Durations.text(period);
    };
  }
}
