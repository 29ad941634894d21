package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;

import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How tests of schedules say what they do. */
interface ScheduleSteps extends OnBench {

  Duration MINUTE = Duration.ofMinutes(1);
  Timing EVERY = new Timing.Every(MINUTE, ZoneOffset.UTC);

  static Schedule plain(String name) {
    return of("default", name, "w");
  }

  static Schedule of(String tenant, String name, String worker) {
    Submission work = Submission.of(new TenantId(tenant), worker, Payload.utf8("{}"));
    return new Schedule(name, work, EVERY, CatchUp.SKIP, Overlap.ALLOW, false);
  }

  static Schedule with(Schedule schedule, CatchUp catchUp, Overlap overlap) {
    return new Schedule(
        schedule.name(), schedule.work(), schedule.timing(), catchUp, overlap, schedule.paused());
  }

  static Schedule at(Schedule schedule, Timing timing) {
    return new Schedule(
        schedule.name(), schedule.work(), timing, CatchUp.SKIP, Overlap.ALLOW, false);
  }

  default KnownSchedule fresh(Schedule schedule, Instant next) {
    Instant now = bench().now();
    return new KnownSchedule(schedule, 1, now, next, null, null, now, now);
  }

  default Result.ScheduleDefined define(Schedule schedule, Instant next) {
    return (Result.ScheduleDefined)
        bench().commit(new Command.DefineSchedule(schedule, bench().now(), next));
  }

  default KnownSchedule defined(Schedule schedule) {
    return define(schedule, bench().now().plus(MINUTE)).schedule();
  }

  default Result remove(String name) {
    return bench().commit(new Command.RemoveSchedule(StoreBench.TENANT, name));
  }

  default KnownSchedule known(String name) {
    return bench().store().reader().schedule(StoreBench.TENANT, name).orElseThrow();
  }

  default KnownSchedule due() {
    return bench().store().reader().dueSchedules(9).due().getFirst();
  }

  default Result tick(KnownSchedule at, @Nullable PassedOver why) {
    return bench().commit(step(at, Objects.requireNonNull(at.next()), why));
  }

  default Command.Tick step(KnownSchedule at, Instant nominal, @Nullable PassedOver why) {
    Occasion occasion = new Occasion(at.schedule().name(), nominal);
    Jobs job = job("w").tenant(at.schedule().tenant().value()).occasion(occasion);
    return new Command.Tick(
        at, nominal, nominal.plus(MINUTE), why == null ? job.build(bench().now()) : null, why);
  }

  default Command.Tick step(KnownSchedule at, Jobs job) {
    Instant nominal = Objects.requireNonNull(at.next());
    return new Command.Tick(at, nominal, nominal.plus(MINUTE), job.build(bench().now()), null);
  }

  static List<String> names(List<KnownSchedule> schedules) {
    return schedules.stream().map(known -> known.schedule().name()).toList();
  }
}
