package dev.coatcheck.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Track;
import dev.coatcheck.cli.screen.Ink;
import dev.coatcheck.cli.screen.Widths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {

  private final ProgressLine line = new ProgressLine(Ink.PLAIN, 80, 9);

  private static Track job(String members) {
    return Track.of(Json.MAPPER.readTree(("{'id':'job_1'," + members + "}").replace('\'', '"')));
  }

  @Test
  void a_running_job_shows_how_far_it_is_and_what_it_does() {
    Track track =
        job(
            "'status':'running','attempt':1,"
                + "'progress':{'fraction':0.5,'stage':'ranking','message':null}");
    assertThat(line.render("summarize", track, 3249, 0))
        .isEqualTo(
            "  summarize  ████████████────────────   50 % ranking                      3.2 s");
  }

  @Test
  void without_a_fraction_a_block_wanders() {
    Track track = job("'status':'running','attempt':2,'progress':null");
    assertThat(line.render("summarize", track, 50, 3))
        .isEqualTo(
            "  summarize  ───████─────────────────        attempt 2 · running          50 ms");
  }

  @Test
  void a_waiting_job_says_what_it_waits_for() {
    Track track = job("'status':'queued','wait_reason':'no_runner','attempt':0");
    assertThat(line.render("w", track, 50, 3)).contains("queued (no runner)").doesNotContain("█");
  }

  @Test
  void the_end_is_plain_to_see() {
    assertThat(line.render("w", job("'status':'succeeded','done':true"), 1200, 0))
        .startsWith("✔ w")
        .contains("100 % succeeded");
    assertThat(
            line.render(
                "w",
                job("'status':'failed','done':true,'error':{'code':'internal','message':'oh'}"),
                1200,
                0))
        .startsWith("✘ w")
        .contains("failed · internal: oh");
  }

  @Test
  void output_that_streams_is_shown_as_it_comes() {
    Track track =
        job("'status':'running','attempt':1")
            .after(
                Json.MAPPER.readTree(
                    "{\"type\":\"output\",\"offset\":0,\"chunks\":[\"Hel\",\"lo \\u001b[2J\"]}"));
    assertThat(line.render("w", track, 0, 0)).contains("Hello \\u001b[2J");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 30, 41, 42, 59, 60, 79, 80, 100, 200})
  void a_line_is_never_wider_than_the_terminal(int width) {
    ProgressLine narrow = new ProgressLine(Ink.PLAIN, width, Math.max(8, width / 3));
    Track track =
        job(
            "'status':'running','attempt':12,'progress':{'fraction':1e9,'stage':'"
                + "世界".repeat(200)
                + "','message':'\\u001b[2J'}");
    String text = narrow.render("a label that is rather long \u0007", track, 999_999_999_999L, 5);
    assertThat(Widths.of(text)).isLessThan(width);
    assertThat(text.chars()).noneMatch(Character::isISOControl);
  }
}
