package dev.coatcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.Engine;
import dev.coatcheck.EngineConfig;
import dev.coatcheck.Submitted;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.runtime.jvm.JvmMachine;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.testkit.InMemoryStore;
import dev.coatcheck.worker.WorkerSpec;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine gives the instants of schedules their jobs, late ones too. */
final class TickTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final InMemoryStore store =
      InMemoryStore.open(InstantSource.system(), new SecureRandom());
  private final List<Engine> engines = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void define() {
    now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    WorkerSpec worker = WorkerSpec.named("w").kind("pull").queueLimit(100_000).build();
    store.commit(List.of(new Command.Define(worker, "api")));
  }

  @AfterEach
  void close() {
    engines.forEach(Engine::close);
  }

  private Engine start(InMemoryStore on) {
    Engine engine = Engine.start(on, EngineConfig.on(new JvmMachine()));
    engines.add(engine);
    return engine;
  }

  private static Schedule schedule(CatchUp catchUp, Duration period) {
    Submission work = Submission.of(TenantId.DEFAULT, "w", Payload.utf8("1"));
    Timing every = new Timing.Every(period, ZoneOffset.UTC);
    return new Schedule("s", work, every, catchUp, Overlap.ALLOW, false);
  }

  /** A schedule whose first instant was so long ago, and nobody looked since. */
  private void missed(Schedule schedule, Duration ago) {
    Timing.Every every = (Timing.Every) schedule.timing();
    Instant first = now.minus(ago);
    store.commit(List.of(new Command.DefineSchedule(schedule, first.minus(every.period()), first)));
  }

  private KnownSchedule known() {
    return store.reader().schedule(TenantId.DEFAULT, "s").orElseThrow();
  }

  /** Waits until the schedule stands at an instant to come. */
  private void caughtUp() {
    Awaitility.await().until(() -> known().next() == null || known().next().isAfter(Instant.now()));
  }

  /** The instants that have jobs, in the order in which these were made. */
  private List<Instant> given() {
    List<Job> jobs = store.reader().jobs(JobQuery.of(TenantId.DEFAULT, 100_000));
    return jobs.reversed().stream()
        .map(job -> Objects.requireNonNull(Objects.requireNonNull(job.occasion()).nominalAt()))
        .toList();
  }

  @Test
  void missed_instants_are_passed_over_but_for_the_last_minute() {
    missed(schedule(CatchUp.SKIP, Duration.ofSeconds(20)), Duration.ofHours(3));

    start(store);
    caughtUp();

    assertThat(given()).hasSizeBetween(3, 5).allMatch(at -> at.isAfter(now.minusSeconds(75)));
  }

  @Test
  void where_none_is_left_the_newest_missed_one_is_told() {
    missed(schedule(CatchUp.SKIP, Duration.ofHours(1)), Duration.ofMinutes(150));

    start(store);
    caughtUp();

    assertThat(given()).isEmpty();
    assertThat(known().last())
        .isEqualTo(
            new KnownSchedule.Last(now.minus(MINUTE.multipliedBy(30)), null, PassedOver.MISSED));
    assertThat(known().next()).isEqualTo(now.plus(MINUTE.multipliedBy(30)));
  }

  @Test
  void the_latest_of_those_missed_gets_a_job() {
    missed(schedule(CatchUp.LATEST, Duration.ofHours(1)), Duration.ofMinutes(150));

    start(store);
    caughtUp();

    assertThat(given()).containsExactly(now.minus(MINUTE.multipliedBy(30)));
  }

  @Test
  void all_of_those_missed_get_jobs_the_oldest_first() {
    missed(schedule(CatchUp.ALL, MINUTE), MINUTE.multipliedBy(90));

    start(store);
    caughtUp();

    assertThat(given()).hasSizeBetween(91, 93).isSorted().doesNotHaveDuplicates();
    assertThat(given().getFirst()).isEqualTo(now.minus(MINUTE.multipliedBy(90)));
  }

  @Test
  void of_very_many_missed_the_newest_thousand_get_jobs_though_two_nodes_look() {
    missed(schedule(CatchUp.ALL, Duration.ofSeconds(10)), Duration.ofDays(2));

    start(store);
    start(store.anotherNode());
    caughtUp();

    assertThat(given()).hasSizeBetween(1_000, 1_003).doesNotHaveDuplicates();
    assertThat(given().getFirst()).isAfter(now.minusSeconds(10_010));
  }

  @Test
  void a_second_has_its_job_soon_after_and_another_node_goes_on() throws InterruptedException {
    Engine one = start(store.anotherNode());
    start(store);
    one.schedules().define(schedule(CatchUp.SKIP, Duration.ofSeconds(1)));
    Awaitility.await().until(() -> given().size() >= 2);
    engines.remove(one);
    one.close();
    int before = given().size();
    Awaitility.await().until(() -> given().size() >= before + 2);

    List<Instant> given = given();
    assertThat(given).doesNotHaveDuplicates();
    for (int i = 1; i < given.size(); i++) {
      assertThat(given.get(i)).isEqualTo(given.get(i - 1).plusSeconds(1));
    }
  }

  @Test
  void the_instants_of_a_worker_that_is_gone_are_passed_over_and_it_may_come_back()
      throws InterruptedException {
    Engine engine = start(store);
    engine.remove("w");
    engine.schedules().define(schedule(CatchUp.SKIP, Duration.ofSeconds(1)));
    Awaitility.await().until(() -> known().last() != null);
    assertThat(Objects.requireNonNull(known().last()).passedOver())
        .isEqualTo(PassedOver.WORKER_NOT_FOUND);

    engine.define(WorkerSpec.named("w").kind("pull").build(), "api");

    Awaitility.await().until(() -> !given().isEmpty());
  }

  @Test
  void a_timing_that_is_not_understood_here_is_left_to_others() {
    Submission work = Submission.of(TenantId.DEFAULT, "w", Payload.utf8("1"));
    Timing cron = new Timing.Cron("* * * * *", ZoneOffset.UTC);
    Schedule other = new Schedule("c", work, cron, CatchUp.ALL, Overlap.ALLOW, false);
    store.commit(List.of(new Command.DefineSchedule(other, now, now.minusSeconds(60))));
    missed(schedule(CatchUp.LATEST, MINUTE), Duration.ofHours(1));

    start(store);
    caughtUp();

    assertThat(given()).hasSize(1);
    assertThat(store.reader().schedule(TenantId.DEFAULT, "c").orElseThrow().next())
        .isEqualTo(now.minusSeconds(60));
  }

  @Test
  void a_run_by_hand_leaves_the_schedule_alone() throws InterruptedException {
    Engine engine = start(store);
    Schedule schedule = schedule(CatchUp.SKIP, Duration.ofHours(1));
    engine.schedules().define(schedule);
    KnownSchedule before = known();

    Submitted run = engine.run(schedule, null);

    assertThat(((Submitted.Created) run).job().occasion()).isEqualTo(new Occasion("s", null));
    assertThat(known()).isEqualTo(before);
  }

  @Test
  void after_a_pause_it_goes_on_with_what_is_to_come() throws InterruptedException {
    Engine engine = start(store);
    Schedule schedule = schedule(CatchUp.ALL, Duration.ofSeconds(1));
    engine.schedules().define(schedule.paused(true));
    Instant anchor = known().anchor();
    Awaitility.await().until(() -> Instant.now().isAfter(anchor.plusMillis(2_500)));

    engine.schedules().define(schedule);

    assertThat(known().anchor()).isEqualTo(anchor);
    Awaitility.await().until(() -> !given().isEmpty());
    assertThat(given().getFirst()).isAfterOrEqualTo(anchor.plusMillis(3_000));
    long offset = Duration.between(anchor, given().getFirst()).toMillis();
    assertThat(offset % 1_000).isZero();
  }
}
