package dev.coatcheck.client;

import dev.coatcheck.client.http.Answer;
import dev.coatcheck.client.http.Call;
import dev.coatcheck.client.http.Lines;
import dev.coatcheck.client.http.Link;
import dev.coatcheck.client.http.Repeater;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Follows one job by its event stream, over as many connections as it takes. */
final class Watch {

  /** The server says something every 15 s, if only that it is there. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final Link link;
  private final String path;
  private final JobListener listener;
  private final Duration patience;
  private final Read read;

  private long last;
  private int epoch;
  private int failures;
  private long heardNanos = System.nanoTime();
  private JobEvent.@Nullable Done done;

  /** Reads the whole job. */
  interface Read {
    Job job() throws InterruptedException;
  }

  Watch(Link link, String path, long after, JobListener listener, Duration patience, Read read) {
    this.link = link;
    this.path = path + "/events";
    this.last = after;
    this.listener = listener;
    this.patience = patience;
    this.read = read;
  }

  JobEvent.Done untilDone() throws InterruptedException {
    while (true) {
      Duration pause;
      try {
        pause = follow();
      } catch (IOException trouble) {
        if (System.nanoTime() - heardNanos > patience.toNanos()) {
          throw new ServerUnreachable(trouble);
        }
        pause = Repeater.pause(failures++);
      }
      if (done != null) {
        return done;
      }
      Thread.sleep(pause.toMillis());
    }
  }

  /** One connection, to its end; tells how long to wait before the next. */
  private Duration follow() throws IOException, InterruptedException {
    Call call = Call.get(path).header("Accept", "text/event-stream");
    if (last > 0) {
      call = call.header("Last-Event-ID", Long.toString(last));
    }
    HttpResponse<Lines> response = link.open(call, Lines.handler());
    try (Lines lines = response.body()) {
      if (response.statusCode() == 204) {
        done = end(read.job());
        return Duration.ZERO;
      }
      if (response.statusCode() != 200) {
        return refused(response, lines);
      }
      EventParser events = new EventParser(lines, SILENCE);
      for (Optional<JobEvent> e = events.next(); e.isPresent(); e = events.next()) {
        heardNanos = System.nanoTime();
        failures = 0;
        take(e.get());
        if (done != null) {
          return Duration.ZERO;
        }
      }
      return events.retry();
    }
  }

  private void take(JobEvent event) {
    if (event instanceof JobEvent.Recorded recorded) {
      if (recorded.id() <= last) {
        return;
      }
      last = recorded.id();
    }
    if (event instanceof JobEvent.Output output) {
      if (output.epoch() < epoch) {
        return;
      }
      epoch = output.epoch();
    }
    listener.on(event);
    if (event instanceof JobEvent.Done end) {
      done = end;
    }
  }

  /** A server that refuses for now is asked again; any other refusal stands. */
  private Duration refused(HttpResponse<Lines> response, Lines lines)
      throws IOException, InterruptedException {
    StringJoiner text = new StringJoiner("\n");
    for (Optional<String> line = lines.next(SILENCE);
        line.isPresent();
        line = lines.next(SILENCE)) {
      text.add(line.get());
    }
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    Answer answer = new Answer(response.statusCode(), response.headers(), body);
    boolean later =
        switch (answer.status()) {
          case 429, 502, 503, 504 -> System.nanoTime() - heardNanos <= patience.toNanos();
          default -> false;
        };
    if (!later) {
      throw ProblemException.of(answer);
    }
    return answer.retryAfter().orElse(Repeater.pause(failures++));
  }

  private JobEvent.Done end(Job job) {
    Instant at = job.finishedAt();
    return new JobEvent.Done(
        last, at == null ? job.createdAt() : at, job.status(), job.output(), job.error());
  }
}
