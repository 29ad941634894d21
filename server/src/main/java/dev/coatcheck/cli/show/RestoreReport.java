package dev.coatcheck.cli.show;

import dev.coatcheck.cli.screen.Inert;
import dev.coatcheck.cli.screen.Screen;
import dev.coatcheck.server.backup.Manifest;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Restore;
import dev.coatcheck.store.base.Missed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a restore tells: for people, or as JSON, one object a line. Nothing is gathered first. */
public final class RestoreReport {

  private final Screen screen;
  private final boolean json;
  private long missed;

  public RestoreReport(Screen screen, boolean json) {
    this.screen = screen;
    this.json = json;
  }

  /**
   * What there is now.
   *
   * @param manifest null where no archive tells what is in it
   */
  public void restored(@Nullable Manifest manifest, Restore restore) {
    if (json) {
      object(out -> {
        out.string("kind", "restore").instant("cut_at", restore.cutAt());
        out.instant("restored_at", restore.restoredAt()).number("leases_ended", restore.leases());
        if (manifest != null) {
          out.object("jobs", counts -> new TreeMap<>(manifest.jobs()).forEach(counts::number));
          out.number("files", manifest.files().count());
          out.array("missing", names -> manifest.missing().forEach(names::item));
        }
      });
      return;
    }
    String cut = JsonOut.text(restore.cutAt());
    line("As of " + cut + (manifest == null ? "" : ": " + counts(manifest.jobs())));
    line(
        count(restore.leases(), "lease", "leases")
            + " ended: those jobs run again, and who held them is refused.");
    if (manifest != null && !manifest.missing().isEmpty()) {
      line("The bytes of " + manifest.missing().size() + " files are not in the backup.");
    }
    line(
        "Not here: every job, file, callback and worker that was accepted after "
            + cut
            + ", and every end that was recorded after it.");
  }

  private static String counts(Map<String, Long> jobs) {
    return jobs.isEmpty()
        ? "no jobs"
        : new TreeMap<>(jobs)
            .entrySet().stream()
                .map(each -> String.format(Locale.ROOT, "%,d %s", each.getValue(), each.getKey()))
                .collect(Collectors.joining(", "));
  }

  /** From here on, what was acknowledged afterwards. */
  public void compared() {
    if (!json) {
      line("");
      line("Acknowledged after the backup, and not in it:");
    }
  }

  /** One thing that is not there. */
  public void missed(Missed each) {
    missed++;
    if (json) {
      object(out -> write(out, each));
    } else {
      line("  " + text(each));
    }
  }

  private static String text(Missed each) {
    return switch (each) {
      case Missed.Job job ->
          "job " + job.id() + " of " + job.worker() + ", " + job.status() + ": hand it in again";
      case Missed.End end ->
          "end of "
              + end.id()
              + " of "
              + end.worker()
              + ", "
              + end.status()
              + at(end.finishedAt())
              + ": it runs again";
      case Missed.Callback back ->
          "callback to "
              + back.id()
              + " of "
              + back.worker()
              + at(back.receivedAt())
              + ": have it sent again";
      case Missed.File file -> "file " + file.id() + " " + file.name() + ": upload it again";
      case Missed.Worker worker ->
          "worker " + worker.name() + ", version " + worker.version() + ": define it again";
    };
  }

  private static String at(@Nullable Instant at) {
    return at == null ? "" : " at " + JsonOut.text(at);
  }

  private static void write(JsonOut out, Missed each) {
    switch (each) {
      case Missed.Job job ->
          out.string("kind", "job")
              .string("job_id", job.id().toString())
              .string("worker", job.worker())
              .string("status", job.status())
              .instant("created_at", job.id().createdAt())
              .raw("input", job.input());
      case Missed.End end ->
          out.string("kind", "end")
              .string("job_id", end.id().toString())
              .string("worker", end.worker())
              .string("status", end.status())
              .instant("finished_at", end.finishedAt());
      case Missed.Callback back ->
          out.string("kind", "callback")
              .string("job_id", back.id().toString())
              .string("worker", back.worker())
              .instant("received_at", back.receivedAt());
      case Missed.File file ->
          out.string("kind", "file")
              .string("file_id", file.id().toString())
              .string("name", file.name());
      case Missed.Worker worker ->
          out.string("kind", "worker")
              .string("worker", worker.name())
              .number("version", worker.version());
    }
  }

  /** All is in place. */
  public void done(String where, boolean compared) {
    if (json) {
      object(out -> {
        out.string("kind", "done").string("store", where);
        out.number("missed", compared ? missed : null);
      });
      return;
    }
    if (compared) {
      line(missed == 0 ? "  nothing" : "  " + count(missed, "thing", "things") + " in all");
      line("");
    }
    line("Restored: " + where + ". A server can start on it.");
  }

  private static String count(long number, String one, String many) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
  }

  /** Between the parts of an input there may be line ends, within its strings there are none. */
  private void object(JsonOut.Part members) {
    String text = new String(JsonOut.object(members), StandardCharsets.UTF_8);
    screen.out().println(text.replace('\n', ' ').replace('\r', ' '));
  }

  private void line(String text) {
    screen.out().println(Inert.line(text));
  }
}
