package dev.coatcheck.server.stream;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.server.edge.Watchdog;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.EventJson;
import dev.coatcheck.server.jobs.JobFacts;
import dev.coatcheck.server.jobs.JobJson;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.json.RawJson;
import dev.coatcheck.store.Reader.EventPage;
import dev.coatcheck.store.Reader.Lookup;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's stream of a job's events (server-sent events). Events are read from the store as the
 * reader takes them, so that a slow one costs no memory.
 */
final class EventStream {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  private static final int PAGE = 100;

  private final Desk desk;
  private final Watchdog watchdog;
  private final Exchange exchange;
  private final JobId job;

  EventStream(Desk desk, Watchdog watchdog, Exchange exchange, JobId job) {
    this.desk = desk;
    this.watchdog = watchdog;
    this.exchange = exchange;
    this.job = job;
  }

  /** Streams what comes after the id until the job is done, the reader has gone or time is up. */
  void run(long after, boolean snapshot) throws Exception {
    try (LiveResponse live = new LiveResponse(watchdog, exchange)) {
      if (!exchange.head()) {
        run(live, after, snapshot);
      }
    }
  }

  private void run(LiveResponse live, long after, boolean snapshot) throws Exception {
    try (Hub.Watch watch = desk.engine().watch(job)) {
      live.write("retry: 2000\n\n" + (snapshot ? snapshot() : ""));
      follow(live, watch, after);
    } catch (IOException gone) {
      log.debug("the reader of {} has gone: {}", job, gone.toString());
    }
  }

  private void follow(LiveResponse live, Hub.Watch watch, long after) throws Exception {
    long last = after;
    while (!desk.draining() && !live.old()) {
      EventPage page = desk.engine().reader().events(desk.tenant(), job, last, PAGE);
      StringBuilder text = new StringBuilder();
      for (JobEvent event : page.events()) {
        append(text, event);
        last = event.id();
        if (event instanceof JobEvent.Done) {
          live.write(text.toString());
          return;
        }
      }
      if (!text.isEmpty()) {
        live.write(text.toString());
      } else if (!page.more()) {
        Optional<Boolean> changed = desk.waits().during(() -> watch.await(LiveResponse.KEEP_ALIVE));
        if (changed.isPresent() && !changed.get()) {
          live.keepAlive();
        }
      }
    }
  }

  private String snapshot() {
    if (!(desk.engine().reader().job(desk.tenant(), job) instanceof Lookup.Found(Job now))) {
      return "";
    }
    byte[] data =
        JsonOut.object(out -> {
          out.string("type", "snapshot");
          out.object(
              "job",
              inner ->
                  JobJson.write(
                      inner, now, JobFacts.of(desk, now), exchange.url(""), JobJson.Form.WHOLE));
        });
    return "event: snapshot\ndata: " + RawJson.oneLine(data) + "\n\n";
  }

  private void append(StringBuilder text, JobEvent event) {
    byte[] data =
        JsonOut.object(out -> EventJson.write(out, job, event, desk.fileMembers(exchange)));
    text.append("id: ").append(event.id()).append('\n');
    text.append("event: ").append(EventJson.type(event)).append('\n');
    text.append("data: ").append(RawJson.oneLine(data)).append("\n\n");
  }
}
