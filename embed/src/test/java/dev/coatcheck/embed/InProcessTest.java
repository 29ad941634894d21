package dev.coatcheck.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.callback.CallbackToken;
import dev.coatcheck.callback.Notice;
import dev.coatcheck.client.Usage;
import dev.coatcheck.client.work.Busy;
import dev.coatcheck.client.work.Handler;
import dev.coatcheck.client.work.Release;
import dev.coatcheck.client.work.StopReason;
import dev.coatcheck.client.work.Suspend;
import dev.coatcheck.client.work.WorkContext;
import dev.coatcheck.client.work.WorkFailure;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobError;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.sqlite.SqliteOptions;
import dev.coatcheck.store.sqlite.SqliteStore;
import dev.coatcheck.worker.WorkerSpec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InProcessTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String CALLBACKS = "https://jobs.example/v1/callbacks/";

  @TempDir private Path folder;
  private Engine engine;

  record Text(String text) {}

  record Count(int words) {}

  @BeforeEach
  void start() {
    SqliteOptions options =
        SqliteOptions.of(folder.resolve("store.db"), InstantSource.system(), new Random(1));
    engine = Engine.start(SqliteStore.open(options), EngineConfig.on(new JvmMachine()));
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void serve(Handler<Text, Object> handler) throws InterruptedException {
    engine.serve(
        WorkerSpec.named("count").maxAttempts(1).build(),
        InProcess.plain().callbacksAt(CALLBACKS).adapt("count", Text.class, Object.class, handler));
  }

  private JobId submit(String input) throws InterruptedException {
    Submission submission = Submission.of(TenantId.DEFAULT, "count", Payload.utf8(input));
    return ((Submitted.Created) engine.submit(submission)).job().id();
  }

  private Job done(JobId id) throws InterruptedException {
    Job job = ((Lookup.Found) engine.await(TenantId.DEFAULT, id, LONG)).job();
    assertThat(job.done()).isTrue();
    return job;
  }

  private Job run(String input) throws InterruptedException {
    return done(submit(input));
  }

  private static String output(Job job) {
    return job.output() == null ? String.valueOf(job.error()) : job.output().text();
  }

  private static JobError error(Job job) {
    return Objects.requireNonNull(job.error(), () -> "no error in " + job);
  }

  @Test
  void inputs_and_outputs_are_typed() throws Exception {
    serve((context, in) -> {
      context.usage(Usage.tokens(3, 4).cost(new BigDecimal("0.0025")));
      return new Count(in.text().split(" ").length);
    });
    Job job = run("{\"text\":\"a b c\"}");
    assertThat(output(job)).isEqualTo("{\"words\":3}");
    assertThat(job.usage()).isEqualTo(new dev.coatcheck.job.Usage(3L, 4L, 2_500L));
  }

  @Test
  void the_context_tells_what_the_engine_knows() throws Exception {
    serve((context, in) ->
        Map.of(
            "worker", context.worker(),
            "job", context.job(),
            "attempt", context.attempt(),
            "of", context.maxAttempts(),
            "resume", context.resume().isPresent(),
            "deadline", context.deadline().isPresent(),
            "stopping", context.stopping().isPresent()));
    Job job = run("{}");
    assertThat(output(job))
        .contains("\"worker\":\"count\"", "\"job\":\"" + job.id() + "\"", "\"attempt\":1")
        .contains("\"of\":1", "\"resume\":false", "\"deadline\":true", "\"stopping\":false");
  }

  @Test
  void an_input_of_another_shape_fails_for_good() throws Exception {
    serve((context, in) -> 1);
    Job job = run("{\"text\":{\"no\":\"text\"}}");
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(error(job).code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
  }

  @Test
  void a_failure_keeps_its_code_and_what_the_provider_said() throws Exception {
    serve((context, in) -> {
      throw WorkFailure.permanent("upstream_rejected", "too long").upstream(Map.of("status", 400));
    });
    Job job = run("{}");
    assertThat(error(job).code()).isEqualTo(ErrorCode.UPSTREAM_REJECTED);
    assertThat(error(job).message()).isEqualTo("too long");
    assertThat(error(job).upstream()).isEqualTo(Payload.utf8("{\"status\":400}"));
  }

  @Test
  void busy_and_release_come_back_in_the_same_attempt() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    serve((context, in) -> {
      int call = calls.incrementAndGet();
      if (call == 1) {
        throw Busy.retryAfter(Duration.ofMillis(20), "429");
      }
      if (call == 2) {
        throw new Release();
      }
      return context.attempt();
    });
    assertThat(output(run("{}"))).isEqualTo("1");
    assertThat(calls).hasValue(3);
  }

  @Test
  void a_cancel_reaches_the_handler() throws Exception {
    BlockingQueue<StopReason> stops = new LinkedBlockingQueue<>();
    Semaphore begun = new Semaphore(0);
    serve((context, in) -> {
      begun.release();
      try {
        new Semaphore(0).acquire();
        return 1;
      } finally {
        context.stopping().ifPresent(stops::add);
      }
    });
    JobId id = submit("{}");
    begun.acquire();
    engine.cancel(TenantId.DEFAULT, id);
    assertThat(stops.poll(20, TimeUnit.SECONDS)).isEqualTo(StopReason.CANCELED);
  }

  @Test
  void a_suspended_attempt_goes_on_with_its_state_and_the_callback() throws Exception {
    BlockingQueue<String> urls = new LinkedBlockingQueue<>();
    serve((context, in) -> context.resume().isPresent() ? answer(context) : ask(context, urls));
    JobId id = submit("{}");
    String url = urls.poll(20, TimeUnit.SECONDS);
    assertThat(url).startsWith(CALLBACKS + "cb_");
    CallbackToken token = CallbackToken.parse(url.substring(CALLBACKS.length())).orElseThrow();
    Payload body = Payload.utf8("{\"said\":\"yes\"}");
    engine.receiver().receive(token, new Notice("application/json", body, null, body));
    Job job = done(id);
    assertThat(output(job)).isEqualTo("{\"asked\":\"why\",\"said\":\"yes\",\"attempt\":1}");
  }

  private static Object ask(WorkContext context, BlockingQueue<String> urls) throws Suspend {
    urls.add(context.callbackUrl().orElse(""));
    throw Suspend.atMost(Duration.ofMinutes(1)).state(new Text("why"));
  }

  private static Object answer(WorkContext context) {
    var resume = context.resume().orElseThrow();
    record Answer(String asked, String said, int attempt) {}

    return new Answer(
        resume.state(Text.class).text(),
        resume.callback().orElseThrow().body().path("said").asString(),
        context.attempt());
  }
}
