package dev.coatcheck.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.handler.Reply;
import dev.coatcheck.handler.WorkContext;
import dev.coatcheck.job.Payload;
import dev.coatcheck.server.SseReader.Event;
import dev.coatcheck.worker.WorkerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many readers of one job's stream. */
class SharedFeedTest {

  private static final int CHUNKS = 300;

  private final CountingStore counting = new CountingStore();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
  private TestServer server;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.through(counting::around);
    client = server.client;
    server.serve(WorkerSpec.of("talker"), this::talk);
  }

  @AfterEach
  void stop() {
    gate.countDown();
    readers.shutdownNow();
    server.close();
  }

  private Reply talk(WorkContext context, Payload input) throws Exception {
    gate.await();
    for (int i = 0; i < CHUNKS; i++) {
      context.output(i + " ");
      if (i % 10 == 0) {
        context.sleep(java.time.Duration.ofMillis(20));
      }
    }
    return Reply.completed(Payload.utf8("\"said\""));
  }

  /** Streams of so many readers, from the first event to the last. */
  private List<List<Event>> watch(int count) throws Exception {
    String id = client.submitted("talker", "1");
    client.until(id, "running");
    CountDownLatch begun = new CountDownLatch(count);
    List<CompletableFuture<List<Event>>> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      streams.add(CompletableFuture.supplyAsync(() -> read(id, begun), readers));
    }
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    counting.eventReads.set(0);
    gate.countDown();
    List<List<Event>> all = new ArrayList<>();
    for (CompletableFuture<List<Event>> stream : streams) {
      all.add(stream.get(60, TimeUnit.SECONDS));
    }
    return all;
  }

  private List<Event> read(String id, CountDownLatch begun) {
    try (SseReader stream = new SseReader(client, "/v1/jobs/" + id + "/events")) {
      List<Event> all = new ArrayList<>();
      // The snapshot, queued, running.
      for (int i = 0; i < 3; i++) {
        all.add(stream.next().orElseThrow());
      }
      begun.countDown();
      all.addAll(stream.all());
      return all;
    } catch (Exception trouble) {
      throw new AssertionError(trouble);
    }
  }

  @Test
  void a_hundred_readers_read_the_same_and_cost_the_store_no_more_than_one() throws Exception {
    List<List<Event>> all = watch(100);
    long reads = counting.eventReads.get();
    List<Event> first = all.getFirst().subList(1, all.getFirst().size());
    assertThat(first.getLast().type()).isEqualTo("done");
    StringBuilder said = new StringBuilder();
    long last = 0;
    for (Event event : first) {
      assertThat(event.id().orElseThrow()).isGreaterThan(last);
      last = event.id().orElseThrow();
      event.data().path("chunks").forEach(chunk -> said.append(chunk.asString()));
    }
    assertThat(said.toString().trim().split(" ", -1)).hasSize(CHUNKS);
    for (List<Event> each : all) {
      assertThat(each.subList(1, each.size())).isEqualTo(first);
    }
    // Each change of the job is read once, at most twice; a hundred readers do not come in.
    assertThat(reads).isLessThan(2L * first.size() + 20);
  }

  @Test
  void readers_that_come_late_or_come_back_anywhere_miss_and_repeat_nothing() throws Exception {
    String id = client.submitted("talker", "1");
    client.until(id, "running");
    List<CompletableFuture<List<Long>>> streams = new ArrayList<>();
    gate.countDown();
    for (int i = 0; i < 20; i++) {
      int pieces = i + 1;
      streams.add(CompletableFuture.supplyAsync(() -> inPieces(id, pieces), readers));
    }
    List<Long> whole = inPieces(id, Integer.MAX_VALUE);
    for (CompletableFuture<List<Long>> stream : streams) {
      assertThat(stream.get(60, TimeUnit.SECONDS)).isEqualTo(whole);
    }
  }

  /** The ids of all events, read in connections of at most so many each. */
  private List<Long> inPieces(String id, int most) {
    List<Long> seen = new ArrayList<>();
    boolean done = false;
    while (!done) {
      String query = seen.isEmpty() ? "" : "?after=" + seen.getLast();
      try (SseReader stream = new SseReader(client, "/v1/jobs/" + id + "/events" + query)) {
        int taken = 0;
        while (!done && taken < most) {
          Event event = stream.next().orElseThrow();
          if (event.id().isPresent()) {
            seen.add(event.id().get());
            taken++;
          }
          done = event.type().equals("done");
        }
      } catch (Exception trouble) {
        throw new AssertionError(trouble);
      }
    }
    return seen;
  }
}
