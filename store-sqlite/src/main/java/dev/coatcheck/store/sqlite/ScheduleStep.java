package dev.coatcheck.store.sqlite;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.base.ScheduleCourse;
import dev.coatcheck.store.base.ScheduleDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps schedules, and gives their instants jobs. */
final class ScheduleStep {

  /** A whole row; a removed one is out of use. */
  record Row(KnownSchedule known, boolean removed) {

    static Row of(Columns row) throws SQLException {
      TenantId tenant = new TenantId(row.text());
      String name = row.text();
      String document = row.text();
      Payload input = Objects.requireNonNullElse(row.payload(), Payload.EMPTY);
      Schedule schedule = ScheduleDocument.parse(tenant, name, document, input);
      long revision = row.number();
      Instant anchor = row.time();
      Instant next = row.optionalTime();
      Instant passed = row.optionalTime();
      KnownSchedule.Last last = last(row);
      Instant createdAt = row.time();
      KnownSchedule known =
          new KnownSchedule(schedule, revision, anchor, next, passed, last, createdAt, row.time());
      return new Row(known, row.flag());
    }

    private static KnownSchedule.@Nullable Last last(Columns row) throws SQLException {
      Instant at = row.optionalTime();
      JobId job = row.optionalId();
      String why = row.optionalText();
      return at == null
          ? null
          : new KnownSchedule.Last(at, job, why == null ? null : PassedOver.of(why));
    }
  }

  private ScheduleStep() {}

  static Result.ScheduleDefined define(Turn turn, Command.DefineSchedule command)
      throws SQLException {
    Schedule schedule = command.schedule();
    Row row = find(turn.bind(Sql.FIND_SCHEDULE), schedule.tenant(), schedule.name());
    boolean fresh = row == null || row.removed();
    KnownSchedule before = row == null ? null : row.known();
    KnownSchedule now = ScheduleCourse.defined(before, fresh, command, turn.now());
    if (!now.equals(before)) {
      set(turn, now);
      turn.hints().scheduled(now.next());
    }
    return new Result.ScheduleDefined(now, fresh);
  }

  private static void set(Turn turn, KnownSchedule known) throws SQLException {
    Schedule schedule = known.schedule();
    Bind bind =
        turn.bind(Sql.SET_SCHEDULE)
            .text(schedule.tenant().value())
            .text(schedule.name())
            .text(ScheduleDocument.of(schedule))
            .payload(schedule.work().input())
            .number(known.revision())
            .time(known.anchor())
            .time(known.next())
            .time(known.passed());
    last(bind, known.last()).time(known.createdAt()).time(known.updatedAt()).update();
  }

  private static Bind last(Bind bind, KnownSchedule.@Nullable Last last) throws SQLException {
    if (last == null) {
      return bind.none().none().none();
    }
    PassedOver why = last.passedOver();
    return bind.time(last.nominalAt()).id(last.job()).text(why == null ? null : why.wire());
  }

  static Result.ScheduleRemoved remove(Turn turn, TenantId tenant, String name)
      throws SQLException {
    int removed = turn.bind(Sql.REMOVE_SCHEDULE).text(tenant.value()).text(name).update();
    Instant old = turn.now().minus(ScheduleCourse.REMEMBERED);
    turn.bind(Sql.FORGET_SCHEDULES).time(old).update();
    return new Result.ScheduleRemoved(removed > 0);
  }

  static Result.TickResult tick(Turn turn, Command.Tick tick) throws SQLException {
    Schedule schedule = tick.at().schedule();
    Row row = find(turn.bind(Sql.FIND_SCHEDULE), schedule.tenant(), schedule.name());
    if (row == null || row.removed() || !ScheduleCourse.stands(row.known(), tick, turn.now())) {
      return new Result.TickLost();
    }
    Result.TickResult result = submit(turn, row.known(), tick);
    move(turn, row.known(), ScheduleCourse.moved(row.known(), tick, result));
    return result;
  }

  private static Result.TickResult submit(Turn turn, KnownSchedule known, Command.Tick tick)
      throws SQLException {
    PassedOver obstacle = ScheduleCourse.obstacle(known, tick);
    if (obstacle == null && known.schedule().overlap() == Overlap.SKIP && anyOpen(turn, known)) {
      obstacle = PassedOver.OVERLAP;
    }
    return obstacle != null
        ? new Result.InstantPassed(obstacle)
        : ScheduleCourse.result(SubmitStep.take(turn, Objects.requireNonNull(tick.job()), false));
  }

  private static boolean anyOpen(Turn turn, KnownSchedule known) throws SQLException {
    turn.flush();
    Schedule schedule = known.schedule();
    Bind query =
        turn.bind(Sql.OPEN_OF_SCHEDULE).text(schedule.tenant().value()).text(schedule.name());
    try (ResultSet rows = query.query()) {
      return rows.next();
    }
  }

  private static void move(Turn turn, KnownSchedule from, KnownSchedule to) throws SQLException {
    Schedule schedule = to.schedule();
    Bind bind =
        turn.bind(Sql.TICK)
            .text(schedule.tenant().value())
            .text(schedule.name())
            .number(from.revision())
            .time(from.next())
            .time(to.next())
            .time(to.passed());
    if (last(bind, to.last()).update() != 1) {
      throw new IllegalStateException("schedule " + schedule.name() + " has moved meanwhile");
    }
    turn.hints().scheduled(to.next());
  }

  static @Nullable Row find(Bind query, TenantId tenant, String name) throws SQLException {
    try (ResultSet rows = query.text(tenant.value()).text(name).query()) {
      Columns row = new Columns(rows);
      return row.next() ? Row.of(row) : null;
    }
  }
}
