package dev.coatcheck.server.stream;

import dev.coatcheck.event.EventId;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Job;
import dev.coatcheck.server.edge.Watchdog;
import dev.coatcheck.server.http.Accept;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.ProblemCode;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.EventJson;
import dev.coatcheck.server.jobs.ListRoutes;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.store.Reader.EventPage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code GET /v1/jobs/{id}/events}: a stream if the request accepts one, else a page. */
public final class EventRoutes {

  private static final long ID_MAX = 1L << 53;
  private static final int PAGE = 200;

  private final Desk desk;
  private final Watchdog watchdog;
  private final Feeds feeds;

  public EventRoutes(Desk desk, Watchdog watchdog) {
    this.desk = desk;
    this.watchdog = watchdog;
    this.feeds = new Feeds(desk);
  }

  public void events(Exchange exchange) throws Exception {
    exchange.query().only(Set.of("after", "limit"), null);
    Job job = desk.find(exchange);
    Optional<String> after = after(exchange);
    if (Accept.names(exchange.accept(), LiveResponse.TYPE)) {
      stream(exchange, job, after);
    } else {
      exchange.produces(Exchange.JSON);
      page(exchange, job, after);
    }
  }

  /** Where to go on; the header wins. An empty header is what a browser sends without an id. */
  private static Optional<String> after(Exchange exchange) {
    Optional<String> header =
        Optional.ofNullable(exchange.header("Last-Event-ID")).filter(text -> !text.isEmpty());
    return header.or(() -> exchange.query().get("after"));
  }

  private void page(Exchange exchange, Job job, Optional<String> after) throws Exception {
    int limit = ListRoutes.limit(exchange.query());
    long from = after.map(text -> cursor(job, text)).orElse(0L);
    EventPage page = desk.engine().reader().events(desk.tenant(), job.id(), from, limit);
    List<JobEvent> events = page.events();
    EventJson.FileMembers files = desk.fileMembers(exchange);
    long next = events.isEmpty() ? from : events.getLast().id();
    desk.retryAfter(exchange, job);
    exchange.json(
        200,
        JsonOut.object(out -> {
          out.array(
              "data",
              items ->
                  events.forEach(
                      event -> items.item(item -> EventJson.write(item, job.id(), event, files))));
          out.number("next_after", next);
          out.bool("has_more", page.more());
        }));
  }

  private void stream(Exchange exchange, Job job, Optional<String> after) throws Exception {
    EventStream stream = new EventStream(desk, feeds, watchdog, exchange, job.id());
    if (after.isEmpty()) {
      stream.run(0, true);
    } else if (after.get().equals("latest")) {
      long last = last(job);
      stream.run(job.done() ? last - 1 : last, true);
    } else {
      long from = cursor(job, after.get());
      if (job.done() && from >= EventId.ofStatus(job.fence())) {
        exchange.empty(204);
      } else {
        stream.run(from, false);
      }
    }
  }

  /** The id to go on after: one that the job has had, or one past its end. */
  private long cursor(Job job, String text) {
    if (text.equals("latest")) {
      return last(job);
    }
    if (!text.matches("\\d{1,16}")) {
      throw invalid();
    }
    long id = Long.parseLong(text);
    boolean known = job.done() ? id < EventId.ofStatus(job.fence() + 1) : id <= last(job);
    if (id >= ID_MAX || !known) {
      throw invalid();
    }
    return id;
  }

  /** The id of the last event so far. */
  private long last(Job job) {
    long last = EventId.ofStatus(job.fence());
    if (job.done()) {
      return last;
    }
    EventPage page;
    do {
      page = desk.engine().reader().events(desk.tenant(), job.id(), last, PAGE);
      if (!page.events().isEmpty()) {
        last = page.events().getLast().id();
      }
    } while (page.more());
    return last;
  }

  private static Problem invalid() {
    return Problem.of(ProblemCode.INVALID_CURSOR, "That is not the id of an event of this job.");
  }
}
