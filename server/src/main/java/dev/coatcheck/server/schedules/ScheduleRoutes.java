package dev.coatcheck.server.schedules;

import dev.coatcheck.job.Names;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.Intake;
import dev.coatcheck.server.jobs.ListRoutes;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Result;
import dev.coatcheck.tick.Schedules;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Work that is submitted again and again. */
public final class ScheduleRoutes {

  private final Desk desk;
  private final Intake intake;
  private final Schedules schedules;

  public ScheduleRoutes(Desk desk, Intake intake) {
    this.desk = desk;
    this.intake = intake;
    this.schedules = desk.engine().schedules();
  }

  /** {@code PUT /v1/schedules/{name}}. */
  public void put(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    String name = exchange.parameter("name");
    if (!Names.valid(name)) {
      throw Problem.of(
          ProblemCode.VALIDATION_FAILED,
          "The name of a schedule must match " + Names.PATTERN + ".");
    }
    Schedule schedule = ScheduleDocument.read(desk, name, exchange.jsonBody());
    Result.ScheduleDefined defined = define(schedule);
    answer(exchange, defined.created() ? 201 : 200, defined.schedule());
  }

  private Result.ScheduleDefined define(Schedule schedule) throws InterruptedException {
    try {
      return schedules.define(schedule);
    } catch (IllegalArgumentException never) {
      // It was understood a moment ago, and there was an instant to come.
      throw Problem.at(ProblemCode.VALIDATION_FAILED, "/cron", String.valueOf(never.getMessage()));
    }
  }

  /** {@code GET /v1/schedules/{name}}. */
  public void get(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    answer(exchange, 200, find(exchange));
  }

  /** {@code GET /v1/schedules}: by name. */
  public void list(Exchange exchange) throws Exception {
    Query query = exchange.query().only(Set.of("limit", "cursor"), null);
    int limit = ListRoutes.limit(query);
    @Nullable String after = query.get("cursor").map(ScheduleRoutes::cursor).orElse(null);
    List<KnownSchedule> found = schedules.list(desk.tenant(), after, limit + 1);
    boolean more = found.size() > limit;
    List<KnownSchedule> page = more ? found.subList(0, limit) : found;
    exchange.json(
        200,
        JsonOut.object(out ->
            out.array(
                    "data",
                    items ->
                        page.forEach(known -> items.item(item -> ScheduleJson.write(item, known))))
                .string("next_cursor", more ? page.getLast().schedule().name() : null)
                .bool("has_more", more)));
  }

  private static String cursor(String text) {
    if (!Names.valid(text)) {
      throw Problem.at(ProblemCode.INVALID_CURSOR, "?cursor", "is not a cursor of this list");
    }
    return text;
  }

  /** {@code DELETE /v1/schedules/{name}}: its jobs are left alone. */
  public void delete(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    if (!schedules.remove(desk.tenant(), exchange.parameter("name"))) {
      throw notFound();
    }
    exchange.empty(204);
  }

  /** {@code POST /v1/schedules/{name}/run}: a job now, beside those of its instants. */
  public void run(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Faults faults = new Faults();
    Members.of(exchange.optionalJsonBody(), Set.of(), faults);
    faults.check();
    intake.run(exchange, find(exchange).schedule());
  }

  /**
   * Stops a schedule, or lets it go on.
   *
   * @throws Problem if there is no such schedule
   */
  public void pause(Exchange exchange, boolean paused) throws InterruptedException {
    define(find(exchange).schedule().paused(paused));
  }

  /**
   * The schedule in the path.
   *
   * @throws Problem if there is none
   */
  public KnownSchedule find(Exchange exchange) {
    return schedules
        .get(desk.tenant(), exchange.parameter("name"))
        .orElseThrow(ScheduleRoutes::notFound);
  }

  private static Problem notFound() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such schedule.");
  }

  private static void answer(Exchange exchange, int status, KnownSchedule known) throws Exception {
    exchange.json(status, JsonOut.object(out -> ScheduleJson.write(out, known)));
  }
}
