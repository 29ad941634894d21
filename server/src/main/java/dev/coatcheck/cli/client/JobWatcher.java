package dev.coatcheck.cli.client;

import dev.coatcheck.cli.exit.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Follows one job to its end: by its live events, from where they broke off; by asking at the pace
 * that the server names where events cannot be had.
 */
public final class JobWatcher {

  private static final int BARREN_CONNECTIONS = 3;
  private static final Duration OUTAGE_LIMIT = Duration.ofMinutes(2);
  private static final Duration DEFAULT_PACE = Duration.ofSeconds(2);

  private final Api api;
  private final String id;
  private final WatchView view;

  private Track track;
  private String lastId = "";
  private int barren;
  private Optional<Long> awaySince = Optional.empty();

  public JobWatcher(Api api, String id, WatchView view) {
    this.api = api;
    this.id = id;
    this.view = view;
    this.track = Track.unknown(id);
  }

  /** Starts from what a submission answered. */
  public JobWatcher from(Track known) {
    this.track = known;
    return this;
  }

  /** Returns the answer that holds the finished job. */
  public Answer untilDone() {
    while (barren < BARREN_CONNECTIONS) {
      Duration pause = follow();
      Optional<Answer> end = ask();
      if (end.isPresent() && track.done()) {
        return end.get();
      }
      Creation.sleep(end.isPresent() ? pause : DEFAULT_PACE);
    }
    while (true) {
      Optional<Answer> answer = ask();
      if (answer.isPresent() && track.done()) {
        return answer.get();
      }
      Creation.sleep(answer.flatMap(Answer::retryAfter).orElse(DEFAULT_PACE));
    }
  }

  /** One connection, to its end; tells how long to wait before the next. */
  private Duration follow() {
    try {
      HttpResponse<InputStream> response =
          api.events(id, Optional.of(lastId).filter(i -> !i.isEmpty()));
      if (response.statusCode() == 200 && isEventStream(response)) {
        try (EventStream stream = new EventStream(response.body(), lastId)) {
          barren = read(stream) > 0 ? 0 : barren + 1;
          return stream.retry();
        }
      }
      refused(response);
      return DEFAULT_PACE;
    } catch (ConnectionException e) {
      return DEFAULT_PACE;
    }
  }

  private int read(EventStream stream) {
    int events = 0;
    try {
      for (Optional<SseEvent> e = stream.next();
          e.isPresent() && !track.done();
          e = stream.next()) {
        take(e.get());
        events++;
        if (track.done()) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.unreachable("Interrupted");
    }
    if (!track.done()) {
      view.note("The connection broke; going on where it left off.");
    }
    return events;
  }

  private void take(SseEvent event) {
    try {
      JsonNode data = Json.MAPPER.readTree(event.data());
      lastId = event.lastId();
      awaySince = Optional.empty();
      change(track.after(data));
    } catch (JacksonException e) {
      // Not one of ours: the next whole document puts it right.
    }
  }

  /** A server that is busy or does not know the place may give events later; any other will not. */
  private void refused(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      body.skipNBytes(0);
    } catch (IOException e) {
      // Nothing of it is used.
    }
    switch (response.statusCode()) {
      case 204, 429, 503 -> barren++;
      case 400 -> {
        lastId = "";
        barren++;
      }
      default -> barren = BARREN_CONNECTIONS;
    }
  }

  /** Reads the whole job; empty while the server cannot be reached. */
  private Optional<Answer> ask() {
    try {
      Answer answer = api.tryGet("/v1/jobs/" + Target.segment(id));
      if (answer.status() == 503 || answer.status() == 429) {
        away(answer.refusal());
        return Optional.empty();
      }
      awaySince = Optional.empty();
      change(Track.of(answer.orRefused().json()));
      return Optional.of(answer);
    } catch (ConnectionException e) {
      away(e.asFailure());
      return Optional.empty();
    }
  }

  private void away(CliException failure) {
    long now = System.nanoTime();
    if (awaySince.isEmpty()) {
      awaySince = Optional.of(now);
      view.note("The server cannot be reached or is busy; waiting for it.");
    } else if (now - awaySince.get() > OUTAGE_LIMIT.toNanos()) {
      throw failure;
    }
  }

  private void change(Track next) {
    Track before = track;
    track = next;
    if (!next.equals(before)) {
      view.changed(before, next);
    }
  }

  private static boolean isEventStream(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Content-Type")
        .filter(type -> type.startsWith("text/event-stream"))
        .isPresent();
  }
}
