package dev.coatcheck.tick;

import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.schedule.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is to be done about the instants of a schedule that have come. */
final class Round {

  private final Timetable timetable;

  Round(Timetable timetable) {
    this.timetable = timetable;
  }

  /**
   * One step of the schedule.
   *
   * @param at where it stands before
   * @param nominal the instant that is seen to
   * @param next where it stands after; null if no instant is left
   * @param missed whether the instant gets no job
   */
  record Step(KnownSchedule at, Instant nominal, @Nullable Instant next, boolean missed) {}

  /** The steps in their order, none if nothing is due. */
  List<Step> of(KnownSchedule known, Instant now) {
    Instant first = known.next();
    if (first == null || first.isAfter(now)) {
      return List.of();
    }
    List<Instant> due = due(known, first, now);
    List<Instant> catching =
        known.schedule().catchUp() == CatchUp.SKIP
            ? due.stream().filter(at -> !at.isBefore(now.minus(CatchUp.GRACE))).toList()
            : due;
    Timing timing = known.schedule().timing();
    Instant then = timetable.next(timing, known.anchor(), due.getLast()).orElse(null);
    return catching.isEmpty()
        ? List.of(new Step(known, due.getLast(), then, true))
        : steps(known, catching, then);
  }

  /** The instants that could get a job. As many periods as there are in the grace, and one. */
  private List<Instant> due(KnownSchedule known, Instant first, Instant now) {
    int max =
        switch (known.schedule().catchUp()) {
          case SKIP -> Math.toIntExact(CatchUp.GRACE.dividedBy(Timing.Every.SHORTEST)) + 1;
          case LATEST -> 1;
          case ALL -> CatchUp.ALL_MAX;
        };
    return timetable.newest(known.schedule().timing(), known.anchor(), first, now, max);
  }

  private static List<Step> steps(
      KnownSchedule known, List<Instant> instants, @Nullable Instant then) {
    List<Step> steps = new ArrayList<>(instants.size());
    KnownSchedule at = known;
    for (int i = 0; i < instants.size(); i++) {
      Instant next = i + 1 < instants.size() ? instants.get(i + 1) : then;
      steps.add(new Step(at, instants.get(i), next, false));
      at = standing(at, Objects.requireNonNullElse(next, instants.get(i)));
    }
    return steps;
  }

  private static KnownSchedule standing(KnownSchedule known, Instant next) {
    return new KnownSchedule(
        known.schedule(),
        known.revision(),
        known.anchor(),
        next,
        known.passed(),
        known.last(),
        known.createdAt(),
        known.updatedAt());
  }
}
