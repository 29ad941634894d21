package dev.coatcheck.server.jobs;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.JobId;
import dev.coatcheck.server.json.JsonOut;

/** An event of a job as clients see it. */
public final class EventJson {

  private EventJson() {}

  public static String type(JobEvent event) {
    return switch (event) {
      case JobEvent.Status status -> "status";
      case JobEvent.Progressed progressed -> "progress";
      case JobEvent.Logged logged -> "log";
      case JobEvent.Output output -> "output";
      case JobEvent.FileMade made -> "file";
      case JobEvent.AttemptFailed failed -> "error";
      case JobEvent.Done done -> "done";
    };
  }

  /** Writes what is told of a file. */
  @FunctionalInterface
  public interface FileMembers {
    void write(JsonOut out, FileId id);
  }

  public static void write(JsonOut out, JobId job, JobEvent event, FileMembers files) {
    out.string("type", type(event));
    out.number("id", event.id());
    out.string("job_id", job.toString());
    out.instant("at", event.at());
    switch (event) {
      case JobEvent.Status status -> {
        out.string("status", status.status().wire());
        out.string("wait_reason", status.waitReason() == null ? null : status.waitReason().wire());
        out.number("attempt", status.attempt());
      }
      case JobEvent.Progressed progressed -> JobJson.progressMembers(out, progressed.progress());
      case JobEvent.Logged logged ->
          out.string("level", logged.level()).string("message", logged.message());
      case JobEvent.Output output -> {
        out.number("epoch", output.epoch());
        out.number("offset", output.offset());
        out.array("chunks", items -> output.chunks().forEach(items::item));
      }
      case JobEvent.FileMade made -> out.object("file", file -> files.write(file, made.file()));
      case JobEvent.AttemptFailed failed -> {
        out.number("attempt", failed.error().attempt());
        JobJson.error(out, failed.error());
        out.instant("next_attempt_at", failed.nextAttemptAt());
      }
      case JobEvent.Done done -> {
        out.string("status", done.status().wire());
        out.raw("output", done.output());
        JobJson.error(out, done.error());
      }
    }
  }
}
