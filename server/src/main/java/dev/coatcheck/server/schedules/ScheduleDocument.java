package dev.coatcheck.server.schedules;

import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timetable;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.server.body.Body;
import dev.coatcheck.server.body.Faults;
import dev.coatcheck.server.body.Members;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Suggestion;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.StandingOptions;
import dev.coatcheck.store.Reader.KnownWorker;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the definition of a schedule. What it does not say has its documented default. */
final class ScheduleDocument {

  private static final Set<String> MEMBERS =
      Set.of(
          "worker",
          "input",
          "cron",
          "every",
          "timezone",
          "catch_up",
          "overlap",
          "paused",
          "options");
  private static final int TEXT_MAX = 200;

  private final Desk desk;
  private final Timetable timetable;
  private final Members members;
  private final Faults faults;

  private ScheduleDocument(Desk desk, Members members, Faults faults) {
    this.desk = desk;
    this.timetable = desk.engine().schedules().timetable();
    this.members = members;
    this.faults = faults;
  }

  /**
   * The schedule that a document defines.
   *
   * @throws Problem that tells everything that is wrong with it
   */
  static Schedule read(Desk desk, String name, byte[] body) {
    Faults faults = new Faults();
    Members members = Members.of(body, MEMBERS, faults);
    return new ScheduleDocument(desk, members, faults).read(name);
  }

  private Schedule read(String name) {
    String workerName = members.require("worker").text("worker", TEXT_MAX);
    Optional<KnownWorker> worker =
        workerName == null ? Optional.empty() : desk.contracts().get(workerName);
    Payload text = members.raw("input").orElse(null);
    JsonNode input = text == null ? null : Body.parse(text.bytes()).node();
    if (input == null) {
      members.fault("input", "is required");
    } else if (worker.isPresent()) {
      faults.addAll(desk.contracts().check(worker.get(), input, "/input"));
    }
    StandingOptions options =
        StandingOptions.read(members.object("options", StandingOptions.NAMES));
    Timing timing = timing();
    CatchUp catchUp = word("catch_up", CatchUp.SKIP);
    Overlap overlap = word("overlap", Overlap.ALLOW);
    Boolean paused = members.flag("paused");
    faults.check();
    if (worker.isEmpty() || workerName == null || timing == null || input == null) {
      throw Desk.workerNotFound(String.valueOf(workerName));
    }
    Submission work =
        options.submission(desk.tenant(), workerName, Objects.requireNonNull(text), files(input));
    return new Schedule(name, work, timing, catchUp, overlap, paused != null && paused);
  }

  /** The files that the input refers to, all of them there. */
  private List<FileId> files(JsonNode input) {
    FileReferences references = FileReferences.in(input, "/input");
    for (FileId file : references.ids()) {
      if (desk.engine().files().find(desk.tenant(), file).isEmpty()) {
        throw references.missing(file);
      }
    }
    return references.ids();
  }

  private <E extends Enum<E>> E word(String name, E otherwise) {
    E[] all = otherwise.getDeclaringClass().getEnumConstants();
    List<String> words =
        List.of(all).stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    String word = members.word(name, words);
    return word == null ? otherwise : all[words.indexOf(word)];
  }

  private @Nullable Timing timing() {
    ZoneId zone = zone();
    String cron = members.text("cron", TEXT_MAX);
    Duration every = members.duration("every", Timing.Every.SHORTEST, Timing.Every.LONGEST);
    if (members.get("cron") != null && members.get("every") != null) {
      members.fault("every", "cannot be given together with cron");
    } else if (members.get("cron") == null && members.get("every") == null) {
      members.fault("cron", "is required, or else every");
    }
    if (every != null) {
      return new Timing.Every(every, zone);
    }
    return cron == null ? null : cron(new Timing.Cron(cron, zone));
  }

  private Timing cron(Timing.Cron cron) {
    Instant now = desk.engine().now();
    try {
      if (timetable.next(cron, now, now).isEmpty()) {
        members.fault("cron", "names no time that ever comes");
      }
    } catch (IllegalArgumentException wrong) {
      members.fault("cron", String.valueOf(wrong.getMessage()));
    }
    return cron;
  }

  private ZoneId zone() {
    String name = members.text("timezone", TEXT_MAX);
    if (name == null || name.equals("UTC")) {
      return ZoneOffset.UTC;
    }
    Set<String> known = ZoneId.getAvailableZoneIds();
    if (!known.contains(name)) {
      String hint = Suggestion.of(name, known).map(s -> "; did you mean " + s + "?").orElse("");
      members.fault("timezone", "must be an IANA time zone, like \"Europe/Berlin\"" + hint);
      return ZoneOffset.UTC;
    }
    return ZoneId.of(name);
  }
}
