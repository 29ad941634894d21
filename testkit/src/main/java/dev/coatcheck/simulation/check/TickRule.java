package dev.coatcheck.simulation.check;

import static dev.coatcheck.simulation.check.Invariant.I21;

import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I21: no instant of a schedule gets two jobs, or one before it has come; of a schedule that
 * catches all up none is left out.
 */
final class TickRule {

  private record Name(TenantId tenant, String schedule) {}

  /** A pause leaves instants out, and raises the revision. */
  private record Revision(Name of, long revision) {}

  private record Named(Name of, Instant nominal) {}

  private final History history;
  private final Set<Named> given = new HashSet<>();
  private final Map<Revision, Instant> last = new HashMap<>();

  TickRule(History history) {
    this.history = history;
  }

  void ticked(Command.Tick tick, Result result, Instant now) {
    if (result instanceof Result.TickLost) {
      return;
    }
    Schedule schedule = tick.at().schedule();
    Name name = new Name(schedule.tenant(), schedule.name());
    Instant nominal = tick.nominal();
    if (result instanceof Result.Ticked) {
      history.require(
          given.add(new Named(name, nominal)),
          I21,
          () -> "%s has two jobs for %s".formatted(schedule.name(), nominal));
    }
    history.require(
        !nominal.isAfter(now), I21, () -> schedule.name() + " was early for " + nominal);
    Instant before = last.put(new Revision(name, tick.at().revision()), nominal);
    Instant passed = tick.at().passed();
    // Defined anew by a clock that was put back, it passes by what came before.
    boolean again = passed != null && !nominal.isAfter(passed);
    if (!again
        && schedule.catchUp() == CatchUp.ALL
        && schedule.timing() instanceof Timing.Every(var period, var zone)) {
      history.require(
          !result.equals(new Result.InstantPassed(PassedOver.MISSED))
              && (before == null || before.plus(period).equals(nominal)),
          I21,
          () -> "%s went from %s to %s".formatted(schedule.name(), before, nominal));
    }
  }
}
