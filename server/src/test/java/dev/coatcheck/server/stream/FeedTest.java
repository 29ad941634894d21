package dev.coatcheck.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.JobEvent;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.observe.Hub;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.store.Reader.EventPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The window that readers share, with a history that grows as the test says. */
@Timeout(60)
class FeedTest {

  private static final JobId JOB = JobId.of(Instant.EPOCH, 1, 1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Hub hub = new Hub(new JvmMachine());
  private final ConcurrentSkipListMap<Long, JobEvent> history = new ConcurrentSkipListMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Feed feed = new Feed(JOB, hub.watch(JOB, false), after -> page(after, 50));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private EventPage page(long after, int limit) {
    reads.incrementAndGet();
    List<JobEvent> events = history.tailMap(after, false).values().stream().limit(limit).toList();
    long last = events.isEmpty() ? after : events.getLast().id();
    return new EventPage(events, history.higherKey(last) != null);
  }

  private void happens(long id, String message) {
    history.put(id, new JobEvent.Logged(id, Instant.EPOCH, "info", message));
    hub.changed(JOB, Phase.RUNNING);
  }

  private void ends(long id) {
    history.put(id, new JobEvent.Status(id, Instant.EPOCH, Phase.RUNNING.status(), null, 9));
    hub.changed(JOB, Phase.RUNNING);
  }

  /** Reads from the id to the end as a stream does; dawdles sometimes if there is a random. */
  private List<Long> readAll(long from, Random dawdle) {
    List<Long> ids = new ArrayList<>();
    long last = from;
    try {
      while (true) {
        List<JobEvent> events =
            switch (feed.after(last, LONG)) {
              case Feed.Next.Pieces(List<Feed.Piece> pieces) ->
                  pieces.stream().map(Feed.Piece::event).toList();
              case Feed.Next.Behind behind -> page(last, 7).events();
            };
        for (JobEvent event : events) {
          ids.add(event.id());
          last = event.id();
        }
        if (!events.isEmpty() && events.getLast() instanceof JobEvent.Status) {
          return ids;
        }
        if (dawdle.nextInt(4) == 0) {
          TimeUnit.MICROSECONDS.sleep(dawdle.nextInt(3_000));
        }
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void readers_that_begin_anywhere_read_everything_once_and_in_order() throws Exception {
    Random random = new Random(7);
    happens(1, "first");
    List<CompletableFuture<List<Long>>> streams = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    for (long id = 2; id < 6_000; id += 1 + random.nextInt(3)) {
      happens(id, "x".repeat(random.nextInt(800)));
      if (id % 97 == 0) {
        List<Long> before = List.copyOf(history.headMap(id, true).keySet());
        long start = random.nextBoolean() ? 0 : before.get(random.nextInt(before.size()));
        long seed = id;
        starts.add(start);
        streams.add(CompletableFuture.supplyAsync(() -> readAll(start, new Random(seed)), threads));
      }
    }
    ends(10_000);
    assertThat(streams).hasSizeGreaterThan(10);
    for (int i = 0; i < streams.size(); i++) {
      List<Long> expected = List.copyOf(history.tailMap(starts.get(i), false).keySet());
      assertThat(streams.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(expected);
    }
  }

  @Test
  void those_who_wait_are_told_at_once_and_one_read_serves_them_all() throws Exception {
    happens(1, "first");
    int many = 200;
    List<CompletableFuture<List<Long>>> streams = new ArrayList<>();
    AtomicInteger arrived = new AtomicInteger();
    for (int i = 0; i < many; i++) {
      streams.add(
          CompletableFuture.supplyAsync(
              () -> {
                arrived.incrementAndGet();
                return readAll(0, new Random(1));
              },
              threads));
    }
    Awaitility.await().until(() -> arrived.get() == many);
    for (long id = 2; id < 102; id++) {
      happens(id, "m");
    }
    ends(200);
    for (CompletableFuture<List<Long>> stream : streams) {
      assertThat(stream.get(30, TimeUnit.SECONDS)).hasSize(102);
    }
    assertThat(reads.get()).isLessThan(2 * 102);
  }

  @Test
  void a_reader_far_behind_is_sent_to_the_store_and_the_window_stays_small() throws Exception {
    happens(1, "first");
    assertThat(feed.after(0, LONG)).isInstanceOf(Feed.Next.Pieces.class);
    for (long id = 2; id < 40; id++) {
      happens(id, "x".repeat(100_000));
    }
    long last = 1;
    while (last < 39) {
      if (feed.after(last, LONG) instanceof Feed.Next.Pieces(List<Feed.Piece> pieces)) {
        last = pieces.getLast().event().id();
        assertThat(pieces.stream().mapToInt(piece -> piece.frame().length).sum())
            .isLessThan(400_000);
      } else {
        last = page(last, 7).events().getLast().id();
      }
    }
    assertThat(feed.after(0, LONG)).isInstanceOf(Feed.Next.Behind.class);
    assertThat(feed.after(1, Duration.ZERO)).isInstanceOf(Feed.Next.Behind.class);
  }

  @Test
  void nothing_within_the_time_is_told_too() throws Exception {
    happens(1, "first");
    assertThat(feed.after(1, Duration.ofMillis(20))).isEqualTo(new Feed.Next.Pieces(List.of()));
  }

  @Test
  void a_reader_that_gives_up_leaves_the_others_reading() throws Exception {
    happens(1, "first");
    Future<?> first = threads.submit(() -> readAll(1, new Random(1)));
    Awaitility.await().until(() -> reads.get() >= 1);
    CompletableFuture<List<Long>> second =
        CompletableFuture.supplyAsync(() -> readAll(1, new Random(1)), threads);
    assertThat(first.cancel(true)).isTrue();
    happens(2, "second");
    ends(3);
    assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly(2L, 3L);
  }
}
