package dev.coatcheck.server.pages;

import dev.coatcheck.server.edge.Watchdog;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.http.Query;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.ListRoutes;
import dev.coatcheck.server.jobs.Listing;
import dev.coatcheck.server.stream.LiveResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page of all jobs, and the stream that keeps it up to date. */
public final class JobsPage {

  private static final Logger log = LoggerFactory.getLogger(JobsPage.class);

  private static final Set<String> PARAMETERS =
      Set.of("worker", "status", "created_after", "created_before", "cursor");
  private static final String MINUTE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d";

  /** A list has no signal of its own, so a stream looks, and no more often than this. */
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Desk desk;
  private final Pages pages;
  private final Watchdog watchdog;
  private final Listing listing;
  private final List<String> tags;

  /**
   * @param indexed metadata keys that can be filtered by
   */
  public JobsPage(Desk desk, Pages pages, Watchdog watchdog, Set<String> indexed) {
    this.desk = desk;
    this.pages = pages;
    this.watchdog = watchdog;
    this.listing = new Listing(desk, indexed, true);
    this.tags = indexed.stream().sorted().toList();
  }

  /** {@code GET /}. */
  public void home(Exchange exchange) throws Exception {
    JobsView view = view(query(exchange), exchange.url(""));
    pages.send(exchange, 200, pages.shell("Jobs", "jobs"), "jobs", view);
  }

  /** {@code GET /pages/jobs/stream}: the list as it changes, as server-sent events. */
  public void stream(Exchange exchange) throws Exception {
    Query query = query(exchange);
    String base = exchange.url("");
    JobsView first = view(query, base);
    try (LiveResponse live = new LiveResponse(watchdog, exchange)) {
      if (!exchange.head()) {
        live.write("retry: 2000\n\n");
        follow(live, query, first);
      }
    } catch (IOException gone) {
      log.debug("a reader of the list has gone: {}", gone.toString());
    }
  }

  private void follow(LiveResponse live, Query query, JobsView first) throws Exception {
    Object seen = List.of();
    long wrote = System.nanoTime();
    JobsView view = first;
    while (!desk.draining() && !live.old()) {
      if (!view.state().equals(seen)) {
        seen = view.state();
        live.write(event(pages.part("jobsList", view)));
        wrote = System.nanoTime();
      } else if (System.nanoTime() - wrote > LiveResponse.KEEP_ALIVE.toNanos()) {
        live.keepAlive();
        wrote = System.nanoTime();
      }
      desk.waits().during(JobsPage::pause);
      view = view(query, first.base());
    }
  }

  private static boolean pause() throws InterruptedException {
    Thread.sleep(PERIOD);
    return true;
  }

  /** An event of one text. What jobs say may have any kind of line break in it. */
  private static String event(String html) {
    StringBuilder event = new StringBuilder(html.length() + 256).append("event: jobs\n");
    for (String line : html.split("\r\n|\r|\n", -1)) {
      event.append("data: ").append(line).append('\n');
    }
    return event.append('\n').toString();
  }

  private JobsView view(Query query, String base) {
    Listing.Page page = listing.page(instants(query), ListRoutes.LIMIT, false);
    return new JobsView(
        query,
        tags,
        page.jobs(),
        page.next(),
        WorkerView.all(desk.engine(), desk.contracts().all()),
        base,
        desk.engine().now());
  }

  private static Query query(Exchange exchange) {
    return exchange.query().only(PARAMETERS, "metadata.").filled();
  }

  /** A browser's field of date and time has no zone; the page says that it is UTC. */
  private static Query instants(Query query) {
    Map<String, String> parameters = new LinkedHashMap<>(query.all());
    for (String name : List.of("created_after", "created_before")) {
      parameters.computeIfPresent(name, (key, text) -> instant(text));
    }
    return Query.of(parameters);
  }

  private static @Nullable String instant(String text) {
    return text.matches(MINUTE) ? text + ":00Z" : text;
  }
}
