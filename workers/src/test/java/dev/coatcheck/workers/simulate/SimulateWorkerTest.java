package dev.coatcheck.workers.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Effect;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.Attempt;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.job.Usage;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.worker.RetryPolicy;
import dev.coatcheck.worker.WorkerSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulateWorkerTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Engine engine =
      Engine.start(
          InMemoryStore.open(InstantSource.system(), new Random(1)),
          EngineConfig.on(new JvmMachine()));

  @BeforeEach
  void serve() throws InterruptedException {
    WorkerSpec spec = SimulateWorker.spec(true);
    WorkerSpec quick =
        WorkerSpec.named(spec.name())
            .concurrency(spec.concurrency())
            .retry(new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, true))
            .build();
    engine.serve(quick, SimulateWorker.handler());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void an_empty_input_is_done_at_once() throws Exception {
    assertThat(run("{}").output())
        .isEqualTo(Payload.utf8("{\"slept_ms\":0,\"attempt\":1,\"output\":null}"));
  }

  @Test
  void the_output_is_given_back_with_its_numbers_as_they_were_written() throws Exception {
    String output = "{\"a\":[1.10,12345678901234567890,1e5],\"b\":\"é\"}";
    String text = Objects.requireNonNull(run("{\"output\":" + output + "}").output()).text();
    assertThat(text).contains("1.10").contains("12345678901234567890").contains("é");
  }

  @Test
  void it_takes_as_long_as_it_is_told_and_tells_ten_steps() throws Exception {
    Job job = run("{\"duration_ms\":1200}");
    assertThat(
            Duration.between(
                Objects.requireNonNull(job.times().startedAt()),
                Objects.requireNonNull(job.times().finishedAt())))
        .isBetween(Duration.ofMillis(1_195), Duration.ofMillis(5_000));
    assertThat(events(job).stream().filter(e -> e instanceof JobEvent.Progressed)).hasSize(10);
  }

  @Test
  void a_text_is_streamed_in_as_many_chunks_as_it_is_told() throws Exception {
    Job job = run("{\"stream\":{\"chunks\":4,\"text\":\"Grüße 👋 an alle\"}}");
    List<String> chunks = new ArrayList<>();
    for (JobEvent event : events(job)) {
      if (event instanceof JobEvent.Output output) {
        chunks.addAll(output.chunks());
      }
    }
    assertThat(chunks).hasSize(4);
    assertThat(String.join("", chunks)).isEqualTo("Grüße 👋 an alle");
  }

  @Test
  void it_fails_so_many_attempts_and_then_succeeds() throws Exception {
    Job job = run("{\"fail\":{\"attempts\":2,\"code\":\"upstream_error\"}}");
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(job.attempt()).isEqualTo(3);
  }

  @Test
  void it_fails_for_good_when_told_that_no_retry_helps() throws Exception {
    Job job =
        run("{\"fail\":{\"retryable\":false,\"code\":\"unsupported_input\",\"message\":\"no\"}}");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
    assertThat(Objects.requireNonNull(job.error()).message()).isEqualTo("no");
  }

  @Test
  void it_is_busy_as_often_as_told_without_using_an_attempt() throws Exception {
    Job job = run("{\"busy\":{\"times\":2,\"retry_after_ms\":1}}");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(engine.reader().attempts(TenantId.DEFAULT, job.id())).hasSize(3);
  }

  private CallbackToken waiting(JobId id) throws InterruptedException {
    try (Hub.Watch watch = engine.watch(id)) {
      while (true) {
        Job job = ((Lookup.Found) engine.reader().job(TenantId.DEFAULT, id)).job();
        if (job.phase() == Phase.SUSPENDED) {
          String url =
              events(job).stream()
                  .flatMap(e ->
                      e instanceof JobEvent.Logged log ? Stream.of(log.message()) : Stream.empty())
                  .findFirst()
                  .orElseThrow();
          assertThat(url).startsWith("waiting for POST /v1/callbacks/cb_");
          return CallbackToken.parse(url.substring(url.indexOf("cb_"))).orElseThrow();
        }
        assertThat(watch.await(LONG)).isTrue();
      }
    }
  }

  private Job calledBack(String input, String type, byte[] body) throws InterruptedException {
    JobId id = submit(input);
    CallbackToken token = waiting(id);
    Payload digest = Payload.utf8("d");
    assertThat(engine.receiver().receive(token, new Notice(type, Payload.of(body), null, digest)))
        .isEqualTo(new Result.Received(Effect.RESUMED));
    return ((Lookup.Found) engine.await(TenantId.DEFAULT, id, LONG)).job();
  }

  @Test
  void it_waits_for_a_callback_and_gives_back_what_it_brought() throws Exception {
    byte[] json = "{\"n\": 1.10}".getBytes(StandardCharsets.UTF_8);
    String input =
        "{\"duration_ms\":20,\"suspend\":{},\"output\":1,\"usage\":{\"input_tokens\":10}}";
    Job job = calledBack(input, "application/json; charset=utf-8", json);
    assertThat(job.output())
        .isEqualTo(
            Payload.utf8("{\"slept_ms\":20,\"attempt\":1,\"output\":1,\"callback\":{\"n\":1.10}}"));
    assertThat(job.usage().inputTokens()).isEqualTo(10);
    byte[] text = "a=1".getBytes(StandardCharsets.UTF_8);
    assertThat(Objects.requireNonNull(calledBack(input, "text/plain", text).output()).text())
        .endsWith("\"callback\":{\"text\":\"a=1\"}}");
    assertThat(
            Objects.requireNonNull(
                    calledBack(input, "image/png", new byte[] {(byte) 0xFF}).output())
                .text())
        .endsWith("\"callback\":{\"base64\":\"/w==\"}}");
  }

  @Test
  void it_fails_first_and_waits_then_and_a_callback_that_does_not_come_is_a_timeout()
      throws Exception {
    Job job = calledBack("{\"fail\":{},\"suspend\":{}}", "application/json", new byte[] {'1'});
    assertThat(job.attempt()).isEqualTo(2);
    assertThat(Objects.requireNonNull(job.output()).text()).contains("\"callback\":1");
    List<Attempt> attempts =
        engine.reader().attempts(TenantId.DEFAULT, run("{\"suspend\":{\"timeout_ms\":1}}").id());
    assertThat(attempts).hasSize(5);
    assertThat(Objects.requireNonNull(attempts.getLast().error()).code())
        .isEqualTo(ErrorCode.CALLBACK_TIMEOUT);
  }

  @Test
  void it_reports_usage() throws Exception {
    Job job = run("{\"usage\":{\"input_tokens\":10,\"output_tokens\":5,\"cost_usd\":0.003}}");
    assertThat(job.usage()).isEqualTo(new Usage(10L, 5L, 3_000L));
  }

  @Test
  void it_hangs_until_it_is_stopped() throws Exception {
    JobId id = submit("{\"hang\":true}");
    assertThat(engine.await(TenantId.DEFAULT, id, Duration.ofMillis(200)))
        .matches(lookup -> !((Lookup.Found) lookup).job().done());
    engine.cancel(TenantId.DEFAULT, id);
    assertThat(engine.stop(LONG)).isZero();
  }

  @Test
  void it_makes_up_an_output_of_a_size() throws Exception {
    assertThat(Objects.requireNonNull(run("{\"output_bytes\":1000}").output()).text())
        .contains("\"" + "x".repeat(1000) + "\"");
  }

  @Test
  void it_computes() throws Exception {
    Job job = run("{\"cpu_ms\":50}");
    assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void only_who_is_allowed_to_can_make_it_crash() {
    String allowed = Objects.requireNonNull(SimulateWorker.spec(true).inputSchema()).text();
    String forbidden = Objects.requireNonNull(SimulateWorker.spec(false).inputSchema()).text();
    assertThat(allowed).contains("\"crash\"");
    assertThat(forbidden).doesNotContain("\"crash\"").contains("\"maximum\":1000");
  }

  private JobId submit(String input) throws InterruptedException {
    Submission submission = Submission.of(TenantId.DEFAULT, "simulate", Payload.utf8(input));
    return ((Submitted.Created) engine.submit(submission)).job().id();
  }

  private Job run(String input) throws InterruptedException {
    Job job = ((Lookup.Found) engine.await(TenantId.DEFAULT, submit(input), LONG)).job();
    assertThat(job.done()).isTrue();
    return job;
  }

  private List<JobEvent> events(Job job) {
    return engine.reader().events(TenantId.DEFAULT, job.id(), 0, 1_000).events();
  }
}
