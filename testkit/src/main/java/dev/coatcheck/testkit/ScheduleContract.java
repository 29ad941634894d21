package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.file.StoredFile;
import dev.coatcheck.job.CacheUse;
import dev.coatcheck.job.FileId;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Occasion;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.Submission;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.schedule.CatchUp;
import dev.coatcheck.schedule.KnownSchedule;
import dev.coatcheck.schedule.KnownSchedule.Last;
import dev.coatcheck.schedule.Overlap;
import dev.coatcheck.schedule.PassedOver;
import dev.coatcheck.schedule.Schedule;
import dev.coatcheck.schedule.Timing;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Reader.DueSchedules;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a store promises of schedules. */
public interface ScheduleContract extends ScheduleSteps {

  @Test
  default void a_schedule_is_told_as_it_was_defined() {
    FileId file = new FileId(1, 2);
    Submission full =
        new Submission(
            new TenantId("ann"),
            "w",
            Payload.utf8("{\"a\":\"ü\"}"),
            null,
            -7,
            null,
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofMillis(3_500),
            4,
            "lane & more",
            Map.of("k", "v=1&2", "user", "ü"),
            List.of(file),
            null,
            null,
            CacheUse.USE,
            null);
    Schedule one =
        new Schedule(
            "full",
            full,
            new Timing.Cron("0 3 * * 1-5", ZoneId.of("Europe/Berlin")),
            CatchUp.ALL,
            Overlap.SKIP,
            false);
    Instant next = bench().now().plusSeconds(90);

    assertThat(define(one, next)).isEqualTo(new Result.ScheduleDefined(fresh(one, next), true));

    assertThat(bench().store().reader().schedule(new TenantId("ann"), "full"))
        .contains(fresh(one, next));
    assertThat(bench().store().reader().schedule(new TenantId("bob"), "full")).isEmpty();
    bench().restart();
    assertThat(bench().store().reader().schedule(new TenantId("ann"), "full"))
        .contains(fresh(one, next));
  }

  @Test
  default void equal_content_changes_nothing_and_the_same_timing_keeps_its_instants() {
    KnownSchedule first = defined(ScheduleSteps.plain("s"));
    bench().advance(Duration.ofSeconds(10));

    Result.ScheduleDefined again = define(ScheduleSteps.plain("s"), bench().now().plus(MINUTE));
    assertThat(again).isEqualTo(new Result.ScheduleDefined(first, false));

    KnownSchedule other =
        defined(ScheduleSteps.with(ScheduleSteps.plain("s"), CatchUp.ALL, Overlap.SKIP));
    assertThat(other.revision()).isEqualTo(2);
    assertThat(other.next()).isEqualTo(first.next());
    assertThat(other.anchor()).isEqualTo(first.anchor());
    assertThat(other.createdAt()).isEqualTo(first.createdAt());
    assertThat(other.updatedAt()).isEqualTo(bench().now());
  }

  @Test
  default void another_timing_has_other_instants() {
    defined(ScheduleSteps.plain("s"));
    bench().advance(Duration.ofSeconds(10));
    Timing hourly = new Timing.Every(Duration.ofHours(1), ZoneOffset.UTC);
    Instant next = bench().now().plus(Duration.ofHours(1));

    KnownSchedule known =
        define(ScheduleSteps.at(ScheduleSteps.plain("s"), hourly), next).schedule();

    assertThat(known.next()).isEqualTo(next);
    assertThat(known.anchor()).isEqualTo(bench().now());
  }

  @Test
  default void a_paused_schedule_is_never_due_and_goes_on_with_what_comes() {
    defined(ScheduleSteps.plain("s"));
    assertThat(defined(ScheduleSteps.plain("s").paused(true)).next()).isNull();
    bench().advance(Duration.ofHours(3));
    assertThat(bench().store().reader().dueSchedules(9).due()).isEmpty();

    Instant next = bench().now().plusSeconds(20);
    KnownSchedule known = define(ScheduleSteps.plain("s"), next).schedule();

    assertThat(known.next()).isEqualTo(next);
    bench().advance(Duration.ofSeconds(20));
    assertThat(tick(due(), null)).isInstanceOf(Result.Ticked.class);
  }

  @Test
  default void schedules_are_listed_by_tenant_and_name() {
    for (String name : List.of("b", "a-1", "a.1", "c", "a")) {
      defined(ScheduleSteps.plain(name));
    }
    defined(ScheduleSteps.of("ann", "d", "w"));

    assertThat(ScheduleSteps.names(bench().store().reader().schedules(StoreBench.TENANT, null, 9)))
        .containsExactly("a", "a-1", "a.1", "b", "c");
    assertThat(ScheduleSteps.names(bench().store().reader().schedules(StoreBench.TENANT, "a-1", 2)))
        .containsExactly("a.1", "b");
    assertThat(
            ScheduleSteps.names(bench().store().reader().schedules(new TenantId("ann"), null, 9)))
        .containsExactly("d");
  }

  @Test
  default void what_is_due_is_told_the_oldest_first_and_when_more_is() {
    Instant now = bench().now();
    define(ScheduleSteps.plain("late"), now.plusSeconds(3));
    define(ScheduleSteps.plain("early"), now.plusSeconds(1));
    define(ScheduleSteps.plain("middle"), now.plusSeconds(2));
    assertThat(bench().store().reader().dueSchedules(9))
        .isEqualTo(new DueSchedules(List.of(), now.plusSeconds(1), now));

    bench().advance(Duration.ofSeconds(2));

    DueSchedules due = bench().store().reader().dueSchedules(9);
    assertThat(ScheduleSteps.names(due.due())).containsExactly("early", "middle");
    assertThat(due.next()).isEqualTo(now.plusSeconds(3));
    assertThat(due.now()).isEqualTo(bench().now());
    assertThat(ScheduleSteps.names(bench().store().reader().dueSchedules(1).due()))
        .containsExactly("early");
  }

  @Test
  default void an_instant_gets_its_job_and_the_schedule_moves_on() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    Instant nominal = Objects.requireNonNull(known.next());
    bench().advance(MINUTE.plusSeconds(5));

    Result.Ticked ticked = (Result.Ticked) tick(known, null);

    Job job = bench().job(ticked.job().id());
    assertThat(job).isEqualTo(ticked.job());
    assertThat(job.phase()).isEqualTo(Phase.READY);
    assertThat(job.occasion()).isEqualTo(new Occasion("s", nominal));
    KnownSchedule moved = known("s");
    assertThat(moved.next()).isEqualTo(nominal.plus(MINUTE));
    assertThat(moved.last()).isEqualTo(new Last(nominal, job.id(), null));
    assertThat(moved.updatedAt()).isEqualTo(known.updatedAt());
    assertThat(bench().claim("w", 9)).hasSize(1);
    assertThat(bench().job(job.id()).occasion()).isEqualTo(job.occasion());
  }

  @Test
  default void a_second_tick_of_an_instant_is_lost() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    bench().advance(MINUTE);
    tick(known, null);

    assertThat(tick(known, null)).isEqualTo(new Result.TickLost());

    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void a_tick_before_its_time_or_of_another_revision_is_lost() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    assertThat(tick(known, null)).isEqualTo(new Result.TickLost());
    KnownSchedule changed =
        defined(ScheduleSteps.with(ScheduleSteps.plain("s"), CatchUp.ALL, Overlap.ALLOW));
    bench().advance(MINUTE);
    assertThat(tick(known, null)).isEqualTo(new Result.TickLost());
    assertThat(tick(changed, null)).isInstanceOf(Result.Ticked.class);
    KnownSchedule again = known("s");
    defined(ScheduleSteps.plain("s").paused(true));
    bench().advance(MINUTE);
    assertThat(tick(again, null)).isEqualTo(new Result.TickLost());
    remove("s");
    assertThat(tick(again, null)).isEqualTo(new Result.TickLost());

    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void several_instants_may_pass_in_one_transaction() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    bench().advance(MINUTE.multipliedBy(3));
    List<Command> ticks = new ArrayList<>();
    KnownSchedule at = known;
    for (int i = 0; i < 3; i++) {
      Command.Tick tick = step(at, Objects.requireNonNull(at.next()), null);
      ticks.add(tick);
      at = at.moved(new Last(tick.nominal(), null, PassedOver.MISSED), tick.next());
    }

    List<Result> results = bench().store().commit(ticks);

    assertThat(results).hasSize(3).allMatch(Result.Ticked.class::isInstance);
    assertThat(known("s").next()).isEqualTo(at.next());
  }

  @Test
  default void instants_are_passed_over_for_a_reason_that_is_kept() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    bench().advance(MINUTE.multipliedBy(5));
    Instant nominal = Objects.requireNonNull(known.next()).plus(MINUTE.multipliedBy(3));

    Result result = bench().commit(step(known, nominal, PassedOver.WORKER_NOT_FOUND));

    assertThat(result).isEqualTo(new Result.InstantPassed(PassedOver.WORKER_NOT_FOUND));
    assertThat(known("s").last()).isEqualTo(new Last(nominal, null, PassedOver.WORKER_NOT_FOUND));
    assertThat(known("s").next()).isEqualTo(nominal.plus(MINUTE));
    assertThat(bench().counts("w").ready()).isZero();
  }

  @Test
  default void a_refused_job_passes_its_instant_over_and_the_schedule_goes_on() {
    KnownSchedule full = defined(ScheduleSteps.plain("full"));
    KnownSchedule fileless = defined(ScheduleSteps.plain("fileless"));
    bench().advance(MINUTE);
    bench().accepted(job("w"));

    Instant nominal = Objects.requireNonNull(full.next());
    Command.Tick tick = step(full, job("w").queueLimit(1).occasion(new Occasion("full", nominal)));
    assertThat(bench().commit(tick)).isEqualTo(new Result.InstantPassed(PassedOver.QUEUE_FULL));
    assertThat(known("full").last()).isEqualTo(new Last(nominal, null, PassedOver.QUEUE_FULL));
    tick =
        step(fileless, job("w").file(new FileId(9, 9)).occasion(new Occasion("fileless", nominal)));
    assertThat(bench().commit(tick)).isEqualTo(new Result.InstantPassed(PassedOver.FILE_NOT_FOUND));

    assertThat(bench().counts("w").ready()).isEqualTo(1);
    bench().advance(MINUTE);
    assertThat(tick(known("full"), null)).isInstanceOf(Result.Ticked.class);
  }

  @Test
  default void the_files_of_a_job_are_kept_as_for_any_other() {
    FileId file = new FileId(5, 5);
    bench()
        .commit(
            new Command.AddFile(
                new StoredFile(
                    file,
                    StoreBench.TENANT,
                    "n",
                    "text/plain",
                    1,
                    "00",
                    bench().now(),
                    bench().now().plus(Duration.ofHours(1)))));
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    bench().advance(MINUTE);
    Instant nominal = Objects.requireNonNull(known.next());
    bench().commit(step(known, job("w").file(file).occasion(new Occasion("s", nominal))));
    bench().advance(Duration.ofHours(2));

    bench().store().prune(9);

    assertThat(bench().store().reader().file(StoreBench.TENANT, file)).isPresent();
  }

  @Test
  default void an_instant_overlaps_while_any_job_of_the_schedule_is_open() {
    Schedule alone = ScheduleSteps.with(ScheduleSteps.plain("s"), CatchUp.SKIP, Overlap.SKIP);
    defined(ScheduleSteps.plain("s"));
    bench().advance(MINUTE);
    JobId first = ((Result.Ticked) tick(due(), null)).job().id();
    bench().advance(MINUTE);
    JobId second = ((Result.Ticked) tick(due(), null)).job().id();
    defined(alone);
    Result overlap = new Result.InstantPassed(PassedOver.OVERLAP);

    bench().advance(MINUTE);
    assertThat(tick(due(), null)).isEqualTo(overlap);
    bench().cancel(second);
    bench().advance(MINUTE);
    assertThat(tick(due(), null)).isEqualTo(overlap);
    assertThat(known("s").last()).extracting(Last::passedOver).isEqualTo(PassedOver.OVERLAP);
    bench().cancel(first);
    JobId byHand = bench().accepted(job("w").occasion(new Occasion("s", null))).id();
    bench().advance(MINUTE);
    assertThat(tick(due(), null)).isEqualTo(overlap);
    assertThat(bench().complete(bench().claimOne("w"), "1")).isInstanceOf(Result.Settled.class);
    assertThat(bench().phase(byHand)).isEqualTo(Phase.SUCCEEDED);
    bench().accepted(job("w"));
    bench().accepted(job("w").tenant("ann").occasion(new Occasion("s", null)));
    bench().accepted(job("w").occasion(new Occasion("other", null)));
    bench().advance(MINUTE);
    assertThat(tick(due(), null)).isInstanceOf(Result.Ticked.class);
    bench().advance(MINUTE);
    assertThat(tick(due(), null)).isEqualTo(overlap);
  }

  @Test
  default void a_removed_schedule_is_gone_and_its_jobs_still_tell_of_it() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    Instant nominal = Objects.requireNonNull(known.next());
    bench().advance(MINUTE);
    JobId job = ((Result.Ticked) tick(known, null)).job().id();

    assertThat(remove("s")).isEqualTo(new Result.ScheduleRemoved(true));

    assertThat(remove("s")).isEqualTo(new Result.ScheduleRemoved(false));
    assertThat(bench().store().reader().schedule(StoreBench.TENANT, "s")).isEmpty();
    assertThat(bench().store().reader().schedules(StoreBench.TENANT, null, 9)).isEmpty();
    bench().advance(Duration.ofDays(1));
    assertThat(bench().store().reader().dueSchedules(9).due()).isEmpty();
    assertThat(bench().job(job).occasion()).isEqualTo(new Occasion("s", nominal));
    assertThat(bench().commit(new Command.RemoveSchedule(new TenantId("ann"), "s")))
        .isEqualTo(new Result.ScheduleRemoved(false));
  }

  @Test
  default void no_instant_comes_again_by_a_new_definition_or_a_clock_that_is_put_back() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    Instant nominal = Objects.requireNonNull(known.next());
    bench().advance(MINUTE);
    tick(known, null);
    remove("s");
    bench().advance(Duration.ofHours(-3));

    Result.ScheduleDefined again = define(ScheduleSteps.plain("s"), nominal);

    assertThat(again.created()).isTrue();
    assertThat(again.schedule().last()).isNull();
    assertThat(again.schedule().revision()).isEqualTo(2);
    bench().advance(Duration.ofHours(3));
    assertThat(tick(due(), null)).isEqualTo(new Result.InstantPassed(PassedOver.MISSED));
    assertThat(known("s").next()).isEqualTo(nominal.plus(MINUTE));
    assertThat(bench().counts("w").ready()).isEqualTo(1);
  }

  @Test
  default void removed_schedules_are_forgotten_when_they_can_repeat_nothing() {
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    bench().advance(MINUTE);
    tick(known, null);
    remove("s");
    bench().advance(Duration.ofDays(3));
    remove("any");

    assertThat(defined(ScheduleSteps.plain("s")).revision()).isEqualTo(1);
  }

  @Test
  default void whoever_listens_hears_of_the_next_instant() {
    List<Instant> heard = java.util.Collections.synchronizedList(new ArrayList<>());
    bench().store().signals().listen(new Ear(heard));
    KnownSchedule known = defined(ScheduleSteps.plain("s"));
    Instant nominal = Objects.requireNonNull(known.next());
    bench().advance(MINUTE);
    tick(known, null);
    // What was done before may be told after its answer, but not after that of the next call.
    bench().store().prune(1);

    assertThat(heard).contains(nominal, nominal.plus(MINUTE));
    if (bench().store().signals().lossy()) {
      heard.clear();
      bench().store().stage(1);
      assertThat(heard).contains(nominal.plus(MINUTE));
    }
  }

  @Test
  default void of_two_that_tick_at_once_one_wins_each_instant() throws Exception {
    int instants = 40;
    defined(ScheduleSteps.plain("s"));
    defined(ScheduleSteps.plain("t"));
    bench().advance(MINUTE.multipliedBy(instants));
    Set<Instant> seen = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Callable<List<Instant>>> tickers = List.of(this::tickAll, this::tickAll);
      for (Future<List<Instant>> ticked : threads.invokeAll(tickers)) {
        seen.addAll(ticked.get());
      }
    }

    assertThat(seen).hasSize(instants);
    assertThat(bench().counts("w").ready()).isEqualTo(2L * instants);
  }

  private List<Instant> tickAll() {
    Store store = bench().store();
    List<Instant> ticked = new ArrayList<>();
    List<KnownSchedule> due = store.reader().dueSchedules(9).due();
    while (!due.isEmpty()) {
      for (KnownSchedule known : due) {
        Command.Tick tick = step(known, Objects.requireNonNull(known.next()), null);
        if (store.commit(List.of(tick)).getFirst() instanceof Result.Ticked) {
          ticked.add(tick.nominal());
        }
      }
      due = store.reader().dueSchedules(9).due();
    }
    return ticked;
  }

  /** Hears of schedules only. */
  record Ear(Collection<Instant> heard) implements dev.coatcheck.store.Signals.Listener {

    @Override
    public void work(String worker) {}

    @Override
    public void changed(JobId job, Phase phase) {}

    @Override
    public void due(Instant at) {}

    @Override
    public void scheduled(Instant at) {
      heard.add(at);
    }
  }
}
