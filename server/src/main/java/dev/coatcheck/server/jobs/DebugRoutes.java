package dev.coatcheck.server.jobs;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.Job;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.EventPage;
import dev.coatcheck.store.Reader.KnownWorker;
import dev.coatcheck.store.Reader.WorkerCounts;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code GET /v1/jobs/{id}/debug}: everything that is known of a job. */
public final class DebugRoutes {

  private static final int EVENTS_MAX = 200;

  private final Desk desk;

  public DebugRoutes(Desk desk) {
    this.desk = desk;
  }

  public void debug(Exchange exchange) throws Exception {
    exchange.query().only(Set.of(), null);
    Job job = desk.find(exchange);
    JobFacts facts = JobFacts.of(desk, job);
    List<Attempt> attempts = desk.engine().reader().attempts(desk.tenant(), job.id());
    EventPage events = desk.engine().reader().events(desk.tenant(), job.id(), 0, EVENTS_MAX);
    Desk.retryAfter(exchange, facts);
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.object(
              "job",
              inner -> JobJson.write(inner, job, facts, exchange.url(""), JobJson.Form.WHOLE));
          ReadRoutes.array(out, "attempts", attempts);
          out.object("store", inner -> row(inner, job));
          out.object("worker", inner -> worker(inner, job));
          events(out, job, events, desk.fileMembers(exchange));
        }));
  }

  private static void row(JsonOut out, Job job) {
    out.string("phase", job.phase().name().toLowerCase(Locale.ROOT));
    out.number("fence", job.fence());
    out.string("lane", job.lane());
    out.string("tenant", job.tenant().value());
    out.number("input_bytes", job.input().size());
    out.number("output_bytes", job.output() == null ? null : job.output().size());
    out.millis("run_timeout_ms", job.times().runTimeout());
    out.instant("queue_timeout_at", job.times().queueTimeoutAt());
    out.instant("attempt_started_at", job.times().attemptStartedAt());
    out.instant("ready_or_next_at", job.times().nextAttemptAt());
  }

  private void worker(JsonOut out, Job job) {
    WorkerCounts counts = desk.engine().reader().counts(job.worker());
    out.string("name", job.worker());
    out.bool("served_here", desk.engine().serves(job.worker()));
    out.number("runners", desk.engine().runners(job.worker()));
    out.bool(
        "paused", desk.engine().catalog().get(job.worker()).map(KnownWorker::paused).orElse(false));
    out.number("queued", counts.ready());
    out.number("scheduled", counts.waiting());
    out.number("running", counts.running());
    out.number("suspended", counts.suspended());
  }

  private static void events(JsonOut out, Job job, EventPage page, EventJson.FileMembers files) {
    out.array(
        "events",
        items -> {
          for (JobEvent event : page.events()) {
            items.item(item -> EventJson.write(item, job.id(), event, files));
          }
        });
    out.bool("more_events", page.more());
  }
}
