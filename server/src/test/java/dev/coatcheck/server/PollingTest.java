package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.testkit.ManualClock;
import dev.coatcheck.worker.WorkerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** When callers are told to look again: from what the worker really took. */
class PollingTest {

  @Test
  void a_job_of_five_minutes_is_polled_three_times_at_most() throws Exception {
    ManualClock clock = ManualClock.atNoon();
    Semaphore end = new Semaphore(0);
    try (TestServer server = TestServer.at(clock)) {
      server.serve(
          WorkerSpec.of("slow"),
          (context, input) -> {
            end.acquire();
            return Reply.completed(input);
          });
      Client client = server.client;
      for (int i = 0; i < 4; i++) {
        String earlier = client.submitted("slow", "1");
        client.until(earlier, "running");
        clock.advance(Duration.ofSeconds(297 + i * 2));
        end.release();
        client.until(earlier, "succeeded");
      }

      Client.Answer job = client.submit("slow", "1");
      assertThat(job.get("eta").path("low_ms").asLong()).isBetween(285_000L, 310_000L);
      client.until(job.id(), "running");
      Duration total = Duration.ofMinutes(5);
      Duration passed = Duration.ZERO;
      List<Long> waits = new ArrayList<>();
      while (!job.get("done").asBoolean()) {
        long wait = Long.parseLong(job.header("Retry-After"));
        waits.add(wait);
        clock.advance(Duration.ofSeconds(wait));
        passed = passed.plusSeconds(wait);
        if (passed.compareTo(total) >= 0) {
          end.release();
          client.until(job.id(), "succeeded");
        }
        job = client.job(job.id());
      }
      assertThat(waits).as("waits in seconds").hasSizeBetween(1, 3);
      assertThat(waits.getFirst()).isBetween(285L, 310L);
      assertThat(job.header("Retry-After")).isEmpty();
    }
  }

  @Test
  void without_history_the_next_look_is_told_by_the_worker_or_is_in_two_seconds() throws Exception {
    ManualClock clock = ManualClock.atNoon();
    try (TestServer server = TestServer.at(clock)) {
      server.serve(
          WorkerSpec.named("known").expectedDuration(Duration.ofSeconds(90)).build(),
          (context, input) -> {
            context.sleep(Duration.ofSeconds(30));
            return Reply.completed(input);
          });
      assertThat(server.client.submit("known", "1").header("Retry-After")).isEqualTo("90");
      assertThat(server.client.submit("held", "1").header("Retry-After")).isEqualTo("2");
      Client.Answer later =
          server.client.post("/v1/jobs", "{\"worker\":\"held\",\"input\":1,\"delay\":\"2h\"}");
      assertThat(later.header("Retry-After")).isEqualTo("600");
    }
  }
}
