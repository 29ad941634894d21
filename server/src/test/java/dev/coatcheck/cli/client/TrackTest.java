package dev.coatcheck.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TrackTest {

  private static final Track QUEUED =
      Track.of(
          json(
              "{'id':'job_1','worker':'w','status':'queued','wait_reason':null,'done':false,"
                  + "'attempt':0,'max_attempts':3,'progress':null,'error':null,'started_at':null}"));

  private static JsonNode json(String text) {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  private static Track after(Track track, String... events) {
    Track now = track;
    for (String event : events) {
      now = now.after(json(event));
    }
    return now;
  }

  private static final String RUNS =
      "{'type':'status','status':'running','wait_reason':null,'attempt':1,"
          + "'at':'2026-11-25T12:00:00.000Z'}";

  @Test
  void nothing_is_missing_for_a_document_that_holds_nothing() {
    assertThat(Track.of(json("{}"))).isEqualTo(Track.unknown(""));
  }

  @Test
  void a_null_is_no_word() {
    assertThat(QUEUED.waitReason()).isEmpty();
    assertThat(QUEUED.trouble()).isEmpty();
  }

  @Test
  void the_clock_starts_with_the_first_run() {
    Track track = after(QUEUED, RUNS);
    assertThat(track.status()).isEqualTo("running");
    assertThat(track.startedAt()).contains(Instant.parse("2026-11-25T12:00:00Z"));
  }

  @Test
  void progress_says_how_far_and_what() {
    Track track =
        after(
            QUEUED,
            RUNS,
            "{'type':'progress','fraction':0.4,'stage':'ranking','message':'page 12 of 30'}");
    assertThat(track.fraction()).hasValue(0.4);
    assertThat(track.detail()).isEqualTo("ranking · page 12 of 30");
  }

  @Test
  void a_new_attempt_starts_from_nothing_and_remembers_the_trouble() {
    Track track =
        after(
            QUEUED,
            RUNS,
            "{'type':'progress','fraction':0.4,'stage':'ranking'}",
            "{'type':'output','epoch':1,'offset':0,'chunks':['Hel','lo']}",
            "{'type':'error','attempt':1,'error':{'code':'worker_error','message':'no luck'}}",
            "{'type':'status','status':'running','attempt':2}");
    assertThat(track.fraction()).isEmpty();
    assertThat(track.streamed()).isEmpty();
    assertThat(track.trouble()).isEqualTo("worker_error: no luck");
    assertThat(track.attempt()).isEqualTo(2);
  }

  @Test
  void output_that_streams_keeps_its_tail_only() {
    Track track =
        after(QUEUED, RUNS, "{'type':'output','epoch':1,'offset':0,'chunks':['Hel','lo']}");
    assertThat(track.streamed()).isEqualTo("Hello");
    Track much =
        after(track, "{'type':'output','epoch':1,'offset':2,'chunks':['" + "x".repeat(900) + "']}");
    assertThat(much.streamed()).hasSizeLessThan(900).endsWith("xxx");
  }

  @Test
  void done_is_final() {
    Track track =
        after(
            QUEUED,
            RUNS,
            "{'type':'done','status':'failed','error':{'code':'internal','message':'oh'}}");
    assertThat(track.done()).isTrue();
    assertThat(track.status()).isEqualTo("failed");
    assertThat(track.trouble()).isEqualTo("internal: oh");
  }

  @Test
  void an_event_of_an_unknown_type_changes_nothing() {
    assertThat(after(QUEUED, "{'type':'later'}", "{}", "[]")).isEqualTo(QUEUED);
  }
}
