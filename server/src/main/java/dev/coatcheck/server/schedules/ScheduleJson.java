package dev.coatcheck.server.schedules;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Submission;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.server.config.Durations;
import dev.coatcheck.server.json.JsonOut;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A schedule as JSON. */
final class ScheduleJson {

  private ScheduleJson() {}

  static void write(JsonOut out, KnownSchedule known) {
    Schedule schedule = known.schedule();
    out.string("name", schedule.name());
    out.string("worker", schedule.work().worker());
    out.raw("input", schedule.work().input());
    switch (schedule.timing()) {
      case Timing.Cron(String expression, var zone) -> out.string("cron", expression).nil("every");
      case Timing.Every(Duration period, var zone) -> {
        out.nil("cron");
        duration(out, "every", period);
      }
    }
    out.string("timezone", text(schedule.timing().zone()));
    out.string("catch_up", schedule.catchUp().wire());
    out.string("overlap", schedule.overlap().wire());
    out.bool("paused", schedule.paused());
    out.object("options", inner -> options(inner, schedule.work()));
    out.instant("next_run_at", known.next());
    last(out, known.last());
    out.instant("created_at", known.createdAt());
    out.instant("updated_at", known.updatedAt());
  }

  /** The name of a zone. */
  static String text(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  private static void options(JsonOut out, Submission work) {
    out.number("priority", work.priority()).number("max_attempts", work.maxAttempts());
    duration(out, "queue_timeout", work.queueTimeout());
    duration(out, "run_timeout", work.runTimeout());
    duration(out, "deadline", work.deadline());
    out.string("fairness_key", work.fairnessKey());
    out.strings("metadata", work.metadata());
  }

  private static void duration(JsonOut out, String name, @Nullable Duration duration) {
    out.string(name, duration == null ? null : Durations.text(duration));
  }

  private static void last(JsonOut out, KnownSchedule.@Nullable Last last) {
    if (last == null) {
      out.nil("last");
      return;
    }
    JobId job = last.job();
    PassedOver why = last.passedOver();
    out.object(
        "last",
        inner ->
            inner
                .instant("nominal_at", last.nominalAt())
                .string("job_id", job == null ? null : job.toString())
                .string("passed_over", why == null ? null : why.wire()));
  }
}
