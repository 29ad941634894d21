package dev.coatcheck.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {

  private final SseParser parser = new SseParser("");

  private List<SseEvent> read(String text) {
    List<SseEvent> events = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      parser.line(line).ifPresent(events::add);
    }
    return events;
  }

  @Test
  void an_event_has_its_type_its_data_and_its_id() {
    assertThat(read("id: 7\nevent: progress\ndata: {}\n\n"))
        .containsExactly(new SseEvent("progress", "{}", "7"));
  }

  @Test
  void lines_of_data_are_joined_and_one_space_is_dropped() {
    assertThat(read("data:  a\ndata:b\ndata\n\n"))
        .containsExactly(new SseEvent("message", " a\nb\n", ""));
  }

  @Test
  void an_event_without_an_id_keeps_the_last_one() {
    assertThat(read("id: 1\ndata: a\n\nevent: snapshot\ndata: b\n\n"))
        .extracting(SseEvent::lastId)
        .containsExactly("1", "1");
  }

  @Test
  void comments_blank_lines_and_unknown_fields_are_no_events() {
    assertThat(read(": keep-alive\n\n\nfoo: bar\nid: 3\n\n")).isEmpty();
    assertThat(read("data: x\n\n")).containsExactly(new SseEvent("message", "x", "3"));
  }

  @Test
  void an_event_that_is_not_complete_is_not_told() {
    assertThat(read("id: 1\ndata: {\"half\"")).isEmpty();
  }

  @Test
  void an_id_with_a_nul_is_ignored() {
    assertThat(read("id: 1\nid: 2\0\ndata: a\n\n"))
        .extracting(SseEvent::lastId)
        .containsExactly("1");
  }

  @Test
  void the_server_may_say_how_long_to_wait_before_the_next_connection() {
    read("retry: 500\nretry: soon\nretry: -1\n");
    assertThat(parser.retry()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void a_mark_of_byte_order_at_the_start_is_skipped() {
    assertThat(read("\ufeffdata: a\n\n")).containsExactly(new SseEvent("message", "a", ""));
  }
}
