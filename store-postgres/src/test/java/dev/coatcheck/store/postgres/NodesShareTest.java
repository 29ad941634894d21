package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Outcome;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Usage;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.lease.RunnerId;
import dev.coatcheck.store.ClaimPlan;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.StoreBench;
import dev.coatcheck.worker.WorkerSpec;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one database: what each may start, and which lanes it knows of. */
final class NodesShareTest {

  private static final ClaimPlan.Holder HERE = new ClaimPlan.Holder.Node();

  private Store one;
  private Store two;

  @BeforeEach
  void open() {
    TestDatabase.clear();
    one = node();
    two = node();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static Store node() {
    return PostgresStore.open(
        PostgresOptions.of(TestDatabase.url(), new SecureRandom())
            .withLease(Duration.ofMinutes(5)));
  }

  @Test
  void a_limit_holds_for_both_and_places_go_to_whoever_needs_them() {
    define(4, WorkerSpec.UNLIMITED);
    fill("a", 20);
    List<Grant> first = claim(one, HERE, 9);
    assertThat(first).hasSize(4);
    assertThat(claim(two, HERE, 9)).isEmpty();
    first.forEach(grant -> complete(two, grant));
    // What one has is its own until it has not needed it for a while.
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !claim(two, HERE, 9).isEmpty());
    assertThat(running()).isLessThanOrEqualTo(4);
  }

  @Test
  void what_another_node_ended_is_found_out() {
    define(2, WorkerSpec.UNLIMITED);
    fill("a", 6);
    for (Grant grant : claim(one, HERE, 2)) {
      two.commit(List.of(new Command.Cancel(StoreBench.TENANT, grant.token().job())));
    }
    List<Grant> next = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          next.addAll(claim(one, HERE, 9));
          return next.size() == 2;
        });
    assertThat(running()).isEqualTo(2);
  }

  @Test
  void a_node_that_died_keeps_its_places_until_its_jobs_are_taken_back() throws SQLException {
    define(3, WorkerSpec.UNLIMITED);
    fill("a", 9);
    assertThat(claim(one, HERE, 3)).hasSize(3);
    kill(one);
    assertThat(claim(two, HERE, 9)).isEmpty();
    two.rescue(9);
    pause();
    assertThat(claim(two, HERE, 9)).hasSize(3);
    // It was not dead after all, and has nothing to start jobs on.
    assertThat(claim(one, HERE, 9)).isEmpty();
    assertThat(running()).isEqualTo(3);
  }

  @Test
  void a_node_finds_lanes_that_others_filled_however_many_they_are() {
    define(WorkerSpec.UNLIMITED, WorkerSpec.UNLIMITED);
    Set<JobId> left = new HashSet<>();
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      commands.add(new Command.Submit(job("w").lane("lane-" + i).build(Instant.now()), false));
    }
    one.commit(commands).forEach(result -> left.add(((Result.Accepted) result).job().id()));
    int claims = 0;
    while (!left.isEmpty() && claims++ < 40) {
      claim(two, HERE, 100).forEach(grant -> left.remove(grant.token().job()));
    }
    assertThat(left).isEmpty();
  }

  @Test
  void a_busy_node_comes_to_the_lane_that_only_another_knows_of() {
    define(WorkerSpec.UNLIMITED, WorkerSpec.UNLIMITED);
    fill("flood", 4_000);
    claim(one, HERE, 1);
    JobId late =
        ((Result.Accepted)
                two.commit(
                        List.of(
                            new Command.Submit(job("w").lane("late").build(Instant.now()), false)))
                    .getFirst())
            .job()
            .id();
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> claim(one, HERE, 4).stream().anyMatch(grant -> grant.token().job().equals(late)));
  }

  @Test
  void limits_hold_with_everything_at_once() throws Exception {
    for (int perKey : List.of(WorkerSpec.UNLIMITED, 2)) {
      define(5, perKey);
      ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
      Instant until = Instant.now().plusMillis(1_500);
      List<Future<?>> actors = new ArrayList<>();
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        int seed = 0;
        for (Store store : List.of(one, two)) {
          for (int i = 0; i < 2; i++) {
            Random random = new Random(++seed);
            actors.add(
                threads.submit(() -> {
                  while (Instant.now().isBefore(until)) {
                    act(store, random);
                  }
                  return null;
                }));
          }
        }
        actors.add(
            threads.submit(() -> {
              while (Instant.now().isBefore(until)) {
                watch(perKey, wrong);
              }
              return null;
            }));
        for (Future<?> actor : actors) {
          actor.get();
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  private void act(Store store, Random random) {
    List<Grant> grants = new ArrayList<>();
    List<Command> commands = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      commands.add(
          new Command.Submit(
              job("w").lane("l" + random.nextInt(3)).build(Instant.now()), random.nextBoolean()));
    }
    for (Result result : store.commit(commands)) {
      if (result instanceof Result.Started started) {
        grants.add(started.grant());
      }
    }
    ClaimPlan.Holder holder =
        random.nextInt(3) == 0
            ? new ClaimPlan.Holder.Remote(new RunnerId(9, 9), Duration.ofMinutes(1))
            : HERE;
    grants.addAll(claim(store, holder, 1 + random.nextInt(6)));
    for (Grant grant : grants) {
      Store where = random.nextInt(4) == 0 ? two : store;
      switch (random.nextInt(4)) {
        case 0 ->
            where.commit(List.of(new Command.Park(grant.token(), new Command.Parking.Release())));
        case 1 -> where.commit(List.of(new Command.Cancel(StoreBench.TENANT, grant.token().job())));
        default -> complete(where, grant);
      }
    }
  }

  /** One statement, hence one moment. */
  private static void watch(int perKey, ConcurrentLinkedQueue<String> wrong) throws SQLException {
    Map<String, Long> lanes = byLane();
    long all = lanes.values().stream().mapToLong(Long::longValue).sum();
    if (all > 5 || lanes.values().stream().anyMatch(running -> running > perKey)) {
      wrong.add(lanes.toString());
    }
  }

  private static Map<String, Long> byLane() throws SQLException {
    try (Connection connection = TestDatabase.connect()) {
      connection.setAutoCommit(false);
      Map<String, Long> lanes = new HashMap<>();
      new Session(connection)
          .bind(Sql.RUNNING_BY_LANE)
          .text("w")
          .list(row -> Map.entry(row.text(), row.number()))
          .forEach(lane -> lanes.put(lane.getKey(), lane.getValue()));
      return lanes;
    }
  }

  private long running() {
    return one.reader().counts("w").running();
  }

  /** As if it had been silent for a lease. */
  private static void kill(Store node) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        PreparedStatement statement =
            connection.prepareStatement("UPDATE coatcheck.node SET until = 0 WHERE id = ?")) {
      statement.setObject(1, Uuids.of(node.node()));
      statement.executeUpdate();
    }
  }

  /** Nobody is asked again at once for permits that there were none of. */
  private static void pause() {
    Instant until = Instant.now().plusMillis(300);
    Awaitility.await().until(() -> Instant.now().isAfter(until));
  }

  private void define(int concurrency, int perKey) {
    WorkerSpec spec =
        WorkerSpec.named("w").concurrency(concurrency).concurrencyPerKey(perKey).build();
    one.commit(List.of(new Command.Define(spec, "config")));
  }

  private void fill(String lane, int jobs) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      commands.add(new Command.Submit(job("w").lane(lane).build(Instant.now()), false));
    }
    one.commit(commands);
  }

  private static List<Grant> claim(Store store, ClaimPlan.Holder holder, int max) {
    return store.claim(new ClaimPlan(holder, List.of(new ClaimPlan.Want("w", max))));
  }

  private static void complete(Store store, Grant grant) {
    Outcome outcome = new Outcome.Succeeded(Payload.utf8("1"), Usage.NONE);
    store.commit(List.of(new Command.Settle(grant.token(), outcome)));
  }
}
