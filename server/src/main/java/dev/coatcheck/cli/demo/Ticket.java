package dev.coatcheck.cli.demo;

import dev.coatcheck.cli.client.Answer;
import dev.coatcheck.cli.client.Track;
import tools.jackson.databind.JsonNode;

/** What came back for a job that was handed in, and after how long. */
record Ticket(String label, Answer answer, long nanos) {

  JsonNode job() {
    return answer.json();
  }

  String id() {
    return job().path("id").asString("");
  }

  Track track() {
    return Track.of(job());
  }
}
