package dev.coatcheck.server.stream;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.server.edge.Watchdog;
import dev.coatcheck.server.http.Exchange;
import dev.coatcheck.server.jobs.Desk;
import dev.coatcheck.server.jobs.EventJson;
import dev.coatcheck.server.jobs.JobFacts;
import dev.coatcheck.server.jobs.JobJson;
import dev.coatcheck.server.json.JsonOut;
import dev.coatcheck.server.json.RawJson;
import dev.coatcheck.store.Reader.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's stream of a job's events (server-sent events). It takes them from the feed that all
 * readers of the job share; what is older than the feed it reads from the store by itself, as it
 * takes it, so that a slow reader costs no memory.
 */
final class EventStream {

  private static final Logger log = LoggerFactory.getLogger(EventStream.class);

  private static final int PAGE = 100;

  private final Desk desk;
  private final Feeds feeds;
  private final Watchdog watchdog;
  private final Exchange exchange;
  private final JobId job;
  private final EventJson.FileMembers files;

  EventStream(Desk desk, Feeds feeds, Watchdog watchdog, Exchange exchange, JobId job) {
    this.desk = desk;
    this.feeds = feeds;
    this.watchdog = watchdog;
    this.exchange = exchange;
    this.job = job;
    this.files = desk.fileMembers(exchange);
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
    try (Feeds.Seat seat = feeds.join(job)) {
      live.write("retry: 2000\n\n" + (snapshot ? snapshot() : ""));
      follow(live, seat.feed(), after);
    } catch (IOException gone) {
      log.debug("the reader of {} has gone: {}", job, gone.toString());
    }
  }

  private void follow(LiveResponse live, Feed feed, long after) throws Exception {
    long last = after;
    while (!desk.draining() && !live.old()) {
      long from = last;
      Optional<Feed.Next> next =
          desk.waits().during(() -> feed.after(from, LiveResponse.KEEP_ALIVE));
      if (next.isEmpty()) {
        return;
      }
      List<Feed.Piece> pieces = pieces(next.get(), from);
      if (!pieces.isEmpty()) {
        live.write(frames(pieces));
        last = pieces.getLast().event().id();
      } else if (next.get() instanceof Feed.Next.Behind(long floor)) {
        // Nothing is left of what lies between.
        last = floor;
      } else {
        live.keepAlive();
      }
      if (!pieces.isEmpty() && pieces.getLast().event() instanceof JobEvent.Done) {
        return;
      }
    }
  }

  private List<Feed.Piece> pieces(Feed.Next next, long from) {
    return switch (next) {
      case Feed.Next.Pieces(List<Feed.Piece> pieces) -> pieces;
      case Feed.Next.Behind behind ->
          desk.engine().reader().events(desk.tenant(), job, from, PAGE).events().stream()
              .map(event -> new Feed.Piece(event, Frame.of(job, event, files)))
              .toList();
    };
  }

  private List<byte[]> frames(List<Feed.Piece> pieces) {
    List<byte[]> frames = new ArrayList<>(pieces.size());
    for (Feed.Piece piece : pieces) {
      boolean shared = piece.frame().length > 0;
      frames.add(shared ? piece.frame() : Frame.of(job, piece.event(), files));
    }
    return frames;
  }

  private String snapshot() {
    if (!(desk.engine().reader().job(desk.tenant(), job) instanceof Lookup.Found(Job now))) {
      return "";
    }
    JobFacts facts = JobFacts.of(desk, now);
    byte[] data =
        JsonOut.object(out -> {
          out.string("type", "snapshot");
          out.object(
              "job",
              inner -> JobJson.write(inner, now, facts, exchange.url(""), JobJson.Form.WHOLE));
        });
    return "event: snapshot\ndata: " + RawJson.oneLine(data) + "\n\n";
  }
}
