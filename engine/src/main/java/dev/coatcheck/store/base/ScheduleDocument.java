package dev.coatcheck.store.base;

import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A schedule as text but for its input: one form-encoded entry for each member that is set. */
public final class ScheduleDocument {

  private ScheduleDocument() {}

  public static String of(Schedule schedule) {
    Submission work = schedule.work();
    Map<String, String> members = new TreeMap<>();
    put(members, "worker", work.worker());
    put(members, "priority", work.priority());
    put(members, "queue_timeout", work.queueTimeout());
    put(members, "run_timeout", work.runTimeout());
    put(members, "deadline", work.deadline());
    put(members, "max_attempts", work.maxAttempts());
    put(members, "fairness_key", work.fairnessKey());
    put(members, "metadata", Form.encode(work.metadata()));
    put(members, "files", FileIds.text(work.files()));
    put(members, "timezone", schedule.timing().zone().getId());
    switch (schedule.timing()) {
      case Timing.Cron(String expression, var zone) -> put(members, "cron", expression);
      case Timing.Every(Duration period, var zone) -> put(members, "every", period);
    }
    put(members, "catch_up", schedule.catchUp());
    put(members, "overlap", schedule.overlap());
    put(members, "paused", schedule.paused());
    return Form.encode(members);
  }

  private static void put(Map<String, String> members, String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value.toString());
    }
  }

  /** The schedule that {@link #of} wrote. */
  public static Schedule parse(TenantId tenant, String name, String document, Payload input) {
    Map<String, String> members = Form.decode(document);
    Submission work =
        new Submission(
            tenant,
            Objects.requireNonNull(members.get("worker")),
            input,
            null,
            take(members, "priority", Integer::valueOf),
            null,
            null,
            take(members, "queue_timeout", Duration::parse),
            take(members, "run_timeout", Duration::parse),
            take(members, "deadline", Duration::parse),
            take(members, "max_attempts", Integer::valueOf),
            members.get("fairness_key"),
            Form.decode(members.getOrDefault("metadata", "")),
            FileIds.of(members.get("files")),
            null,
            null,
            CacheUse.USE,
            null);
    return new Schedule(
        name,
        work,
        timing(members),
        CatchUp.valueOf(Objects.requireNonNull(members.get("catch_up"))),
        Overlap.valueOf(Objects.requireNonNull(members.get("overlap"))),
        Boolean.parseBoolean(members.get("paused")));
  }

  private static Timing timing(Map<String, String> members) {
    ZoneId zone = ZoneId.of(Objects.requireNonNull(members.get("timezone")));
    String cron = members.get("cron");
    return cron == null
        ? new Timing.Every(Duration.parse(members.get("every")), zone)
        : new Timing.Cron(cron, zone);
  }

  private static <T> @Nullable T take(
      Map<String, String> members, String name, Function<String, T> parse) {
    String text = members.get(name);
    return text == null ? null : parse.apply(text);
  }
}
