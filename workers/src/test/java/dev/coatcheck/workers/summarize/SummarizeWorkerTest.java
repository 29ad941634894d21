package dev.coatcheck.workers.summarize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.workers.WorkerJson;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class SummarizeWorkerTest {

  private static final String TEXT =
      "A ticket is a promise. The guest hands in a coat and receives a number, and the number is all"
          + " that the attendant needs to find the coat again. Nobody asks for a name. The coat"
          + " waits on its hook while the guest is elsewhere. When the guest returns with the number,"
          + " the attendant finds the coat by its number and hands it over. A lost number costs time"
          + " but not the coat.";

  private final Engine engine =
      Engine.start(
          InMemoryStore.open(InstantSource.system(), new Random(1)),
          EngineConfig.on(new JvmMachine()));

  @BeforeEach
  void serve() throws InterruptedException {
    engine.serve(SummarizeWorker.spec(), SummarizeWorker.handler());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void every_sentence_is_found_at_its_offset_in_the_text() throws Exception {
    JsonNode output = succeed(Map.of("text", TEXT, "sentences", 3));
    List<String> chosen = new ArrayList<>();
    for (JsonNode sentence : output.get("sentences")) {
      String text = sentence.get("text").asString();
      chosen.add(text);
      int start = sentence.get("start").asInt();
      assertThat(TEXT.substring(start, sentence.get("end").asInt())).isEqualTo(text);
    }
    assertThat(chosen).hasSize(3);
    assertThat(output.get("summary").asString()).isEqualTo(String.join(" ", chosen));
    assertThat(output.get("language").asString()).isEqualTo("en");
    assertThat(output.get("format").asString()).isEqualTo("text");
  }

  @Test
  void the_source_is_named_by_its_bytes() throws Exception {
    JsonNode source =
        succeed(Map.of("text", "Grüße aus Köln sind heute hier angekommen.")).get("source");
    assertThat(source.get("kind").asString()).isEqualTo("text");
    assertThat(source.get("bytes").asInt()).isEqualTo(45);
    assertThat(source.get("sha256").asString()).matches("[0-9a-f]{64}");
    assertThat(source.get("file").isNull()).isTrue();
  }

  @Test
  void the_same_text_gives_the_same_output() throws Exception {
    Payload first = Objects.requireNonNull(run(Map.of("text", TEXT)).output());
    assertThat(run(Map.of("text", TEXT)).output()).isEqualTo(first);
  }

  @Test
  void a_text_without_a_sentence_is_unsupported_and_not_tried_again() throws Exception {
    Job job = run(Map.of("text", " \n\t "));
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(Objects.requireNonNull(job.error()).code()).isEqualTo(ErrorCode.UNSUPPORTED_INPUT);
  }

  @Test
  void progress_goes_through_the_stages() throws Exception {
    Job job = run(Map.of("text", TEXT));
    List<JobEvent> events = engine.reader().events(TenantId.DEFAULT, job.id(), 0, 1_000).events();
    assertThat(events.stream().filter(event -> event instanceof JobEvent.Progressed)).isNotEmpty();
    assertThat(Objects.requireNonNull(job.progress()).stage()).isEqualTo("choosing");
  }

  private JsonNode succeed(Map<String, Object> input) throws InterruptedException {
    Job job = run(input);
    assertThat(job.status()).as("%s", job.error()).isEqualTo(JobStatus.SUCCEEDED);
    return WorkerJson.read(Objects.requireNonNull(job.output()), JsonNode.class);
  }

  private Job run(Map<String, Object> input) throws InterruptedException {
    Submission submission = Submission.of(TenantId.DEFAULT, "summarize", WorkerJson.write(input));
    Job submitted = ((Submitted.Created) engine.submit(submission)).job();
    Lookup lookup = engine.await(TenantId.DEFAULT, submitted.id(), Duration.ofSeconds(30));
    Job job = ((Lookup.Found) lookup).job();
    assertThat(job.done()).isTrue();
    return job;
  }
}
