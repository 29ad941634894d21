package dev.coatcheck.client;

import dev.coatcheck.client.http.Answer;
import dev.coatcheck.client.http.Call;
import dev.coatcheck.client.http.Json;
import dev.coatcheck.client.http.Link;
import dev.coatcheck.client.http.Patience;
import dev.coatcheck.client.http.Repeater;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A caller of one server. Immutable and safe for use by many threads; one is enough for a program.
 *
 * <p>Calls are repeated while the server cannot be reached or refuses them for now, as long as
 * {@linkplain #patience patience} lasts, and only where that can never do anything twice: a
 * submission always goes under an idempotency key. Every method throws {@link ProblemException}
 * when the server says no, and {@link ServerUnreachable} when it says nothing.
 */
public final class Coatcheck {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(30);
  private static final Duration POLL_MARGIN = Duration.ofSeconds(15);
  private static final Duration PACE = Duration.ofSeconds(2);

  private final Link link;
  private final JsonMapper json;
  private final Duration patience;

  private Coatcheck(Link link, JsonMapper json, Duration patience) {
    this.link = link;
    this.json = json;
    this.patience = patience;
  }

  /** A caller of an open server. */
  public static Coatcheck connect(String url) {
    return connect(url, null);
  }

  /**
   * A caller with an API key. Nothing is sent yet.
   *
   * @param key null or blank for an open server
   */
  public static Coatcheck connect(String url, @Nullable String key) {
    return new Coatcheck(Link.to(url, key), new JsonMapper(), PATIENCE);
  }

  /** The same with another idea of how inputs and outputs become JSON. */
  public Coatcheck json(JsonMapper mapper) {
    return new Coatcheck(link, mapper, patience);
  }

  /** The same, giving up after so long without a good answer; two minutes at first. */
  public Coatcheck patience(Duration duration) {
    return new Coatcheck(link, json, duration);
  }

  /** Hands a job in; it is durable when this returns. */
  public Job submit(String worker, @Nullable Object input) throws InterruptedException {
    return submit(worker, input, options -> options);
  }

  /**
   * Hands a job in; it is durable when this returns.
   *
   * @param options for example {@code with -> with.uniqueKey("report-17").priority(5)}
   */
  public Job submit(String worker, @Nullable Object input, UnaryOperator<Options> options)
      throws InterruptedException {
    Options chosen = options.apply(new Options());
    ObjectNode body = chosen.members(json);
    body.put("worker", worker);
    body.set("input", json.valueToTree(input));
    String key = chosen.idempotencyKey().orElseGet(() -> UUID.randomUUID().toString());
    return job(create("/v1/jobs", json.writeValueAsBytes(body), key));
  }

  /** The job as it is now. */
  public Job get(String id) throws InterruptedException {
    return job(send(Call.get(path(id))));
  }

  /**
   * Cancels. An open job is {@code canceled} in the answer, and no result of it will appear; a
   * finished one is answered as it is.
   */
  public Job cancel(String id) throws InterruptedException {
    return job(send(Call.post(path(id) + "/cancel", null).idempotent()));
  }

  /** Hands a finished job in once more, as a new job. */
  public Job retry(String id) throws InterruptedException {
    return job(create(path(id) + "/retry", null, UUID.randomUUID().toString()));
  }

  /** {@link #await(String, Class, Duration)} of a job that was just handed in. */
  public <O> Outcome<O> await(Job job, Class<O> type, Duration timeout)
      throws InterruptedException {
    return await(job.id(), type, timeout);
  }

  /**
   * Waits for the end of a job by long polls.
   *
   * @param type what its output is read as
   * @return {@link Outcome.Open} if it is not done by then
   */
  public <O> Outcome<O> await(String id, Class<O> type, Duration timeout)
      throws InterruptedException {
    Patience left = Patience.of(timeout);
    while (true) {
      long seconds = Math.min(left.left().toSeconds(), LONGEST_POLL.toSeconds());
      Call poll = Call.get(path(id));
      Answer answer =
          seconds < 1
              ? send(poll)
              : send(
                  poll.header("Prefer", "wait=" + seconds)
                      .within(Duration.ofSeconds(seconds).plus(POLL_MARGIN)));
      Job job = job(answer);
      if (job.done()) {
        return Outcome.of(job, type, json);
      }
      if (answer.header("Preference-Applied").isEmpty()) {
        Duration pause = answer.retryAfter().orElse(PACE);
        Thread.sleep(Math.max(0, least(pause, left.left()).toMillis()));
      }
      if (left.over()) {
        return new Outcome.Open<>(job);
      }
    }
  }

  /**
   * Follows a job from its first event to its end, however often the connection breaks. The
   * listener sees each event once, in order, and no output of an attempt that a later one replaced.
   *
   * @return the end
   */
  public JobEvent.Done watch(String id, JobListener listener) throws InterruptedException {
    return watch(id, 0, listener);
  }

  /**
   * {@link #watch(String, JobListener)} from a place in the history.
   *
   * @param after the id of the last event that was seen; 0 for all
   */
  public JobEvent.Done watch(String id, long after, JobListener listener)
      throws InterruptedException {
    return new Watch(link, path(id), after, listener, patience, () -> get(id)).untilDone();
  }

  private Answer create(String path, byte @Nullable [] body, String key)
      throws InterruptedException {
    return send(Call.post(path, body).header("Idempotency-Key", key).idempotent());
  }

  private Answer send(Call call) throws InterruptedException {
    try {
      Answer answer = new Repeater(link).send(call, Patience.of(patience));
      if (answer.ok()) {
        return answer;
      }
      throw ProblemException.of(answer);
    } catch (IOException trouble) {
      throw new ServerUnreachable(trouble);
    }
  }

  private static Job job(Answer answer) {
    try {
      return Json.WIRE.readValue(answer.body(), Job.class);
    } catch (JacksonException notAJob) {
      throw new ServerUnreachable(new IOException("the answer is not a job", notAJob));
    }
  }

  private static String path(String id) {
    return "/v1/jobs/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
