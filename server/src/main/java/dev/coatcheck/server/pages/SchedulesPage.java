package dev.coatcheck.server.pages;

import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Intake;
import dev.coatcheck.server.schedules.ScheduleRoutes;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The page of schedules: what comes next, what came last. */
public final class SchedulesPage {

  private static final int SHOWN = 200;
  private static final int UPCOMING = 3;

  private final Desk desk;
  private final Pages pages;
  private final Intake intake;
  private final ScheduleRoutes routes;

  public SchedulesPage(Desk desk, Pages pages, Intake intake, ScheduleRoutes routes) {
    this.desk = desk;
    this.pages = pages;
    this.intake = intake;
    this.routes = routes;
  }

  /** All schedules. */
  public record All(List<ScheduleView> schedules, boolean more, Instant now) {}

  /** {@code GET /schedules}. */
  public void schedules(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    List<KnownSchedule> known = desk.engine().schedules().list(desk.tenant(), null, SHOWN + 1);
    List<ScheduleView> views =
        known.stream()
            .limit(SHOWN)
            .map(each -> ScheduleView.of(each, desk.engine().schedules().upcoming(each, UPCOMING)))
            .toList();
    All view = new All(views, known.size() > SHOWN, desk.engine().now());
    pages.send(exchange, 200, pages.shell("Schedules", "schedules"), "schedules", view);
  }

  /** {@code POST /schedules/{name}/run}: makes a job and shows it. */
  public void run(Exchange exchange) throws Exception {
    exchange.formBody();
    Schedule schedule = routes.find(exchange).schedule();
    exchange.seeOther("/jobs/" + intake.run(schedule, null).job().id());
  }

  /** {@code POST /schedules/{name}/pause}. */
  public void pause(Exchange exchange) throws Exception {
    set(exchange, true);
  }

  /** {@code POST /schedules/{name}/resume}. */
  public void resume(Exchange exchange) throws Exception {
    set(exchange, false);
  }

  private void set(Exchange exchange, boolean paused) throws Exception {
    exchange.formBody();
    routes.pause(exchange, paused);
    exchange.seeOther("/schedules");
  }
}
