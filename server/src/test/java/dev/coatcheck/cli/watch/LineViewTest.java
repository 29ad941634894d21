package dev.coatcheck.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.cli.client.Json;
import dev.coatcheck.cli.client.Track;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineViewTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private Track track = Track.unknown("job_1");

  private void tell(LineView view, String event) {
    Track next = track.after(Json.MAPPER.readTree(event.replace('\'', '"')));
    view.changed(track, next);
    track = next;
  }

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_log_gets_a_line_for_each_change_and_each_tenth() {
    LineView view = LineView.labelled(out, "w");
    tell(view, "{'type':'status','status':'running','attempt':1}");
    for (int i = 1; i <= 100; i++) {
      tell(view, "{'type':'progress','fraction':" + i / 100.0 + ",'message':'page " + i + "'}");
    }
    tell(view, "{'type':'done','status':'succeeded','error':null}");
    assertThat(said().lines()).hasSize(13);
    assertThat(said())
        .startsWith("w  running")
        .contains("w  50 %  page 50")
        .endsWith("w  succeeded\n");
  }

  @Test
  void the_end_is_left_to_who_tells_it() {
    LineView view = LineView.untilTheEnd(out);
    tell(view, "{'type':'done','status':'succeeded','error':null}");
    assertThat(said()).isEmpty();
  }

  @Test
  void a_retry_says_what_went_wrong() {
    LineView view = LineView.untilTheEnd(out);
    tell(view, "{'type':'status','status':'running','attempt':1}");
    tell(view, "{'type':'error','error':{'code':'worker_error','message':'no \\u001b luck'}}");
    tell(view, "{'type':'status','status':'queued','wait_reason':'backoff','attempt':1}");
    assertThat(said()).contains("queued (backoff) · worker_error: no \\u001b luck");
  }
}
