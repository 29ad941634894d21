package dev.coatcheck.server.pages;

import dev.coatcheck.Engine;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.server.files.FileReferences;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.EventJson;
import dev.coatcheck.server.jobs.JobFacts;
import dev.coatcheck.server.json.InvalidJsonException;
import dev.coatcheck.server.json.Json;
import dev.coatcheck.server.pages.show.Content;
import dev.coatcheck.server.pages.show.Figures;
import dev.coatcheck.server.pages.show.Timeline;
import dev.coatcheck.store.Reader.EventPage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job and everything that its page shows.
 *
 * @param files what the input refers to
 * @param events the first of them, oldest first
 * @param letter its dead letter; null if it left none
 */
public record JobView(
    Job job,
    JobFacts facts,
    List<Attempt> attempts,
    List<Timeline.Step> steps,
    Content input,
    List<StoredFile> files,
    Content output,
    EventPage events,
    @Nullable DeadLetterEntry letter,
    Instant now) {

  private static final int EVENTS = 200;
  private static final int FEW = 5;
  private static final int FILES = 20;
  private static final Duration SHORT = Duration.ofMillis(50);

  static JobView of(Desk desk, Job job) {
    Engine engine = desk.engine();
    TenantId tenant = desk.tenant();
    List<Attempt> attempts = engine.reader().attempts(tenant, job.id());
    Instant now = engine.now();
    return new JobView(
        job,
        JobFacts.of(desk, job),
        attempts,
        Timeline.of(job, attempts, now),
        Content.ofInput(job.input()),
        files(engine, tenant, job),
        Content.ofOutput(job.output()),
        engine.reader().events(tenant, job.id(), 0, EVENTS),
        job.error() == null ? null : engine.reader().deadLetter(tenant, job.id()).orElse(null),
        now);
  }

  /** The first of the files that the input refers to, as long as they are there. */
  private static List<StoredFile> files(Engine engine, TenantId tenant, Job job) {
    try {
      return FileReferences.in(Json.parse(job.input().bytes()), "").ids().stream()
          .limit(FILES)
          .flatMap(id -> engine.files().find(tenant, id).stream())
          .toList();
    } catch (InvalidJsonException notJson) {
      return List.of();
    }
  }

  public List<Timeline.Bar> bars() {
    return Timeline.bars(steps, now);
  }

  /** The steps; of many, without waits too short to matter. */
  public List<Timeline.Step> longSteps() {
    return steps.stream()
        .filter(step ->
            steps.size() <= FEW
                || !step.kind().equals("queued")
                || step.to() == null
                || step.length(now).compareTo(SHORT) > 0)
        .toList();
  }

  /** The page of dead letters that look like this job's. */
  public String letterUrl() {
    return letter == null ? "/dead-letters" : DeadLettersView.url(letter);
  }

  /** From the first attempt's start to the end; null if it never started or goes on. */
  public @Nullable Duration ran() {
    Instant started = job.times().startedAt();
    Instant finished = job.times().finishedAt();
    return started == null || finished == null ? null : Duration.between(started, finished);
  }

  /** How far it is, in percent; −1 if nobody knows. */
  public int percent() {
    return percent(job);
  }

  /** How far a job is, in percent; −1 if nobody knows. */
  public static int percent(Job job) {
    return job.progress() == null || job.progress().fraction() == null
        ? -1
        : (int) Math.floor(job.progress().fraction() * 100);
  }

  /** The end of an id, enough to tell jobs on a page apart. */
  public static String brief(Object id) {
    String text = id.toString();
    return text.substring(text.length() - 8);
  }

  /** Whether there is a guess worth telling of when it will be done. */
  public boolean likely() {
    return facts
        .estimate()
        .filter(guess -> guess.finishAt().isAfter(now.plusSeconds(1)))
        .isPresent();
  }

  public long lastEvent() {
    return events.events().isEmpty() ? 0 : events.events().getLast().id();
  }

  /** The newest attempt that streamed output; 0 if none did. */
  public int epoch() {
    return events.events().stream()
        .mapToInt(event -> event instanceof JobEvent.Output output ? output.epoch() : 0)
        .max()
        .orElse(0);
  }

  /** What the newest attempt has streamed so far. */
  public String streamed() {
    StringBuilder text = new StringBuilder();
    int epoch = epoch();
    for (JobEvent event : events.events()) {
      if (event instanceof JobEvent.Output output && output.epoch() == epoch) {
        output.chunks().forEach(text::append);
      }
    }
    return Figures.cut(text.toString(), Content.PAGE_MAX);
  }

  /** Events that are listed: pieces of output are shown together instead. */
  public List<JobEvent> listed() {
    return events.events().stream().filter(event -> !(event instanceof JobEvent.Output)).toList();
  }

  public static String type(JobEvent event) {
    return EventJson.type(event);
  }

  /** An event in a line; the page's script says it in the same words. */
  public static String words(JobEvent event) {
    return switch (event) {
      case JobEvent.Status status ->
          Figures.words(status.status().wire())
              + (status.waitReason() == null
                  ? ""
                  : ", " + Figures.words(status.waitReason().wire()))
              + (status.attempt() > 0 ? ", attempt " + status.attempt() : "");
      case JobEvent.Progressed progressed -> progress(progressed);
      case JobEvent.Logged logged -> logged.level() + ": " + logged.message();
      case JobEvent.Output output -> output.chunks().size() + " pieces";
      case JobEvent.FileMade made -> made.file().toString();
      case JobEvent.AttemptFailed failed ->
          "attempt "
              + failed.error().attempt()
              + ": "
              + failed.error().code().wire()
              + ", "
              + failed.error().message();
      case JobEvent.Done done -> Figures.words(done.status().wire());
    };
  }

  private static String progress(JobEvent.Progressed event) {
    Double fraction = event.progress().fraction();
    StringBuilder text = new StringBuilder();
    text.append(fraction == null ? "" : (int) Math.floor(fraction * 100) + " %");
    for (String part : new String[] {event.progress().stage(), event.progress().message()}) {
      if (part != null && !part.isEmpty()) {
        text.append(text.isEmpty() ? "" : " · ").append(part);
      }
    }
    return text.toString();
  }
}
