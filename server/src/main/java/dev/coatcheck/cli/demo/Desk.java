package dev.coatcheck.cli.demo;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.ConnectionException;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Json;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Hands in the jobs of the demo, over HTTP like everyone else, and measures how long each took. */
final class Desk {

  private static final int SENTENCES = 4;

  private final Api api;

  Desk(Api api) {
    this.api = api;
  }

  /** A job that takes its time, as a large model does. */
  Ticket slowJob(String label, int millis) {
    ObjectNode body = body("simulate");
    body.putObject("input").put("duration_ms", millis).put("steps", 20);
    return submit(label, body, "demo-simulate");
  }

  /** A job that is done at once. */
  void smallJob(int number) {
    ObjectNode body = body("simulate");
    body.putObject("input");
    submit("", body, "demo-warm-up-" + number);
  }

  /** A summary that nobody looks at. */
  void unseenSummary(Document document) {
    ObjectNode body = body("summarize");
    body.putObject("input").put("text", document.text());
    submit("", body, "demo-warm-up-" + document.name());
  }

  Ticket summary(Document document) {
    ObjectNode body = body("summarize");
    body.putObject("input").put("text", document.text()).put("sentences", SENTENCES);
    return submit(document.name(), body, "demo-" + document.name());
  }

  private static ObjectNode body(String worker) {
    return Json.MAPPER.createObjectNode().put("worker", worker);
  }

  private Ticket submit(String label, ObjectNode body, String idempotencyKey) {
    String text = Json.MAPPER.writeValueAsString(body);
    try {
      long start = System.nanoTime();
      Answer answer =
          api.tryPost("/v1/jobs", Content.json(text), Map.of("Idempotency-Key", idempotencyKey));
      long nanos = System.nanoTime() - start;
      return new Ticket(label, answer.orRefused(), nanos);
    } catch (ConnectionException e) {
      throw e.asFailure();
    }
  }
}
