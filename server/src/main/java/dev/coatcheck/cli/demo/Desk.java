package dev.coatcheck.cli.demo;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Api;
import dev.coatcheck.cli.client.ConnectionException;
import dev.coatcheck.cli.client.Content;
import dev.coatcheck.cli.client.Json;
import java.nio.file.Path;
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
    submit("", document, SENTENCES + 1, "demo-warm-up-" + document.name());
  }

  Ticket summary(Document document) {
    return submit(document.name(), document, SENTENCES, "demo-" + document.name());
  }

  private Ticket submit(String label, Document document, int sentences, String idempotencyKey) {
    return switch (document) {
      case Document.Text(String name, String text) -> {
        ObjectNode body = body("summarize");
        body.putObject("input").put("text", text).put("sentences", sentences);
        yield submit(label, body, idempotencyKey);
      }
      case Document.Stored(String name, Path path, long bytes) -> {
        Content form =
            new Content.Form(
                Map.of("sentences", Integer.toString(sentences)), Map.of("file", path));
        yield submit(label, "/v1/workers/summarize/jobs", form, idempotencyKey);
      }
    };
  }

  private static ObjectNode body(String worker) {
    return Json.MAPPER.createObjectNode().put("worker", worker);
  }

  private Ticket submit(String label, ObjectNode body, String idempotencyKey) {
    Content json = Content.json(Json.MAPPER.writeValueAsString(body));
    return submit(label, "/v1/jobs", json, idempotencyKey);
  }

  private Ticket submit(String label, String path, Content body, String idempotencyKey) {
    try {
      long start = System.nanoTime();
      Answer answer = api.tryPost(path, body, Map.of("Idempotency-Key", idempotencyKey));
      long nanos = System.nanoTime() - start;
      return new Ticket(label, answer.orRefused(), nanos);
    } catch (ConnectionException e) {
      throw e.asFailure();
    }
  }
}
