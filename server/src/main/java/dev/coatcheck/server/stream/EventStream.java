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
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's stream of a job's events (server-sent events). Events are read from the store as the
 * reader takes them, so that a slow one costs no memory; one that takes nothing is cut off.
 */
final class EventStream implements Watchdog.Watched {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final long LIFE_NANOS = Duration.ofHours(1).toNanos();
  private static final long STUCK_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int PAGE = 100;

  private final Desk desk;
  private final Watchdog watchdog;
  private final Exchange exchange;
  private final JobId job;
  private final HttpServletResponse response;
  private final long opened = System.nanoTime();

  /** Since when the present write takes; 0 while nothing is written. */
  private volatile long writingSince;

  EventStream(Desk desk, Watchdog watchdog, Exchange exchange, JobId job) {
    this.desk = desk;
    this.watchdog = watchdog;
    this.exchange = exchange;
    this.job = job;
    this.response = exchange.response();
  }

  /** Streams what comes after the id until the job is done, the reader has gone or time is up. */
  void run(long after, boolean snapshot) throws Exception {
    response.setStatus(200);
    response.setContentType(EventRoutes.STREAM);
    response.setHeader("X-Accel-Buffering", "no");
    if (exchange.head()) {
      return;
    }
    watchdog.add(this);
    try (Hub.Watch watch = desk.engine().watch(job)) {
      write("retry: 2000\n\n" + (snapshot ? snapshot() : ""));
      follow(watch, after);
    } catch (IOException gone) {
      log.debug("the reader of {} has gone: {}", job, gone.toString());
    } finally {
      watchdog.remove(this);
    }
  }

  private void follow(Hub.Watch watch, long after) throws Exception {
    long last = after;
    while (!desk.draining() && System.nanoTime() - opened < LIFE_NANOS) {
      EventPage page = desk.engine().reader().events(desk.tenant(), job, last, PAGE);
      StringBuilder text = new StringBuilder();
      for (JobEvent event : page.events()) {
        append(text, event);
        last = event.id();
        if (event instanceof JobEvent.Done) {
          write(text.toString());
          return;
        }
      }
      if (!text.isEmpty()) {
        write(text.toString());
      } else if (!page.more()) {
        Optional<Boolean> changed = desk.waits().during(() -> watch.await(KEEP_ALIVE));
        if (changed.isPresent() && !changed.get()) {
          write(": keep-alive\n\n");
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
                      inner,
                      now,
                      JobFacts.of(desk.engine(), now),
                      exchange.url(""),
                      JobJson.Form.WHOLE));
        });
    return "event: snapshot\ndata: " + RawJson.oneLine(data) + "\n\n";
  }

  private void append(StringBuilder text, JobEvent event) {
    byte[] data = JsonOut.object(out -> EventJson.write(out, job, event));
    text.append("id: ").append(event.id()).append('\n');
    text.append("event: ").append(EventJson.type(event)).append('\n');
    text.append("data: ").append(RawJson.oneLine(data)).append("\n\n");
  }

  private void write(String text) throws IOException {
    writingSince = System.nanoTime() | 1;
    try {
      OutputStream out = response.getOutputStream();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      response.flushBuffer();
    } finally {
      writingSince = 0;
    }
  }

  @Override
  public boolean overdue(long nanos) {
    long since = writingSince;
    return since != 0 && nanos - since > STUCK_NANOS;
  }

  @Override
  public void cut() {
    log.info("a reader of {} took nothing for too long and is cut off", job);
    exchange.core().getConnectionMetaData().getConnection().getEndPoint().close();
  }
}
