package dev.coatcheck.store.postgres;

import static dev.coatcheck.testkit.Jobs.job;
import static dev.coatcheck.testkit.StoreBench.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.event.Note;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.lease.Grant;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.JobQuery;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.testkit.Jobs;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Days that are dropped, and swapped for what stays of them. */
final class OldDaysTest {

  private static final int LARGE = 20;
  private static final TenantId BOB = new TenantId("bob");
  private static final DaySwap.Patience QUICK =
      new DaySwap.Patience(8, Duration.ofMillis(30), Duration.ofMillis(30));

  private final PostgresBench bench = new PostgresBench();
  private PostgresStore store;
  private Day day;

  @BeforeEach
  void open() {
    store = (PostgresStore) bench.store();
    day = Day.of(Day.date(bench.now()));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private OldDays days() {
    return store.oldDays(Url.parse(TestDatabase.url()), LARGE, QUICK);
  }

  private void tend() throws SQLException {
    days().tend(day, bench.now());
  }

  /** Jobs with rows wherever a job can have some, that succeed: kept for a week. */
  private List<JobId> finished(int many) {
    List<JobId> jobs = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Jobs one = job("w").metadata("user", "u" + i).idempotency(Jobs.key("k" + i, "f"));
      Grant grant = bench.running(one);
      Note note = new Note.Logged("info", "hello");
      bench.commit(new Command.Append(grant.token(), List.of(note), null));
      bench.complete(grant, "done");
      jobs.add(grant.token().job());
    }
    return jobs;
  }

  /** Kept for a month. */
  private JobId failed() {
    Grant grant = bench.running(job("w"));
    bench.fail(grant, ErrorCode.WORKER_ERROR, false);
    return grant.token().job();
  }

  private void week() {
    bench.advance(Duration.ofDays(8));
  }

  private static String one(String query) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private String partition() throws SQLException {
    return one("SELECT to_regclass('coatcheck.job_" + day.name() + "')::oid::text");
  }

  private String flags() throws SQLException {
    return one(
        "SELECT concat_ws(' ', CASE WHEN gathers THEN 'gathers' END, CASE WHEN swept THEN 'swept' END,"
            + " CASE WHEN dirty THEN 'dirty' END, CASE WHEN dropped THEN 'dropped' END)"
            + " FROM coatcheck.day WHERE first = '"
            + day.first()
            + "'");
  }

  private Lookup look(TenantId tenant, JobId id) {
    return store.reader().job(tenant, id);
  }

  @Test
  void most_of_a_day_goes_in_one_step_and_what_is_kept_longer_stays() throws Exception {
    List<JobId> old = finished(40);
    JobId failed = failed();
    Job open = bench.accepted(job("open"));
    Grant held = bench.running(job("held").deadline(Duration.ofDays(30)));
    JobId other = ((Result.Accepted) bench.submit(job("other").tenant("bob"))).job().id();
    week();
    String before = partition();

    tend();

    assertThat(partition()).isNotEqualTo(before);
    assertThat(flags()).isEqualTo("swept");
    assertThat(Census.faults()).isEmpty();
    assertThat(TestDatabase.count("job")).isEqualTo(4);
    for (String table : List.of("event", "course", "job_tag", "pruned")) {
      assertThat(TestDatabase.count(table)).as(table).isZero();
    }
    store.prune(9);
    assertThat(TestDatabase.count("idempotency")).isZero();
    for (JobId gone : old) {
      assertThat(bench.look(gone)).isEqualTo(new Lookup.Gone());
    }
    assertThat(bench.phase(failed)).isEqualTo(Phase.FAILED);
    assertThat(bench.counts("w").deadLetters()).isEqualTo(1);
    assertThat(bench.counts("open").ready()).isEqualTo(1);
    assertThat(store.reader().jobs(JobQuery.of(TENANT, 9)).stream().map(Job::id))
        .containsExactly(held.token().job(), open.id(), failed);
    bench.complete(held, "late");
    assertThat(bench.phase(held.token().job())).isEqualTo(Phase.SUCCEEDED);
    assertThat(bench.cancel(open.id())).isInstanceOf(Result.Canceled.class);
    assertThat(look(BOB, other)).isInstanceOf(Lookup.Found.class);
    assertThat(Census.faults()).isEmpty();
  }

  @Test
  void of_a_day_that_was_swept_nobody_can_tell_which_ids_there_were() throws Exception {
    List<JobId> old = finished(30);
    JobId failed = failed();
    JobId invented = JobId.of(bench.now(), 1, 1);
    assertThat(look(BOB, failed)).isEqualTo(new Lookup.Unknown());
    week();
    tend();

    for (JobId id : List.of(old.getFirst(), failed, invented)) {
      assertThat(look(BOB, id)).isEqualTo(new Lookup.Gone());
    }
    assertThat(look(BOB, JobId.of(bench.now(), 1, 1))).isEqualTo(new Lookup.Unknown());
  }

  @Test
  void dead_letters_that_go_are_not_counted_any_more() throws Exception {
    for (int i = 0; i < 25; i++) {
      failed();
    }
    bench.advance(Duration.ofDays(31));
    assertThat(bench.counts("w").deadLetters()).isEqualTo(25);

    tend();

    assertThat(bench.counts("w").deadLetters()).isZero();
    assertThat(TestDatabase.count("dead_letter")).isZero();
    assertThat(Census.faults()).isEmpty();
  }

  @Test
  void jobs_that_end_and_stop_meanwhile_are_neither_lost_nor_doubled() throws Exception {
    finished(60);
    List<Grant> held = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      held.add(bench.running(job("held").deadline(Duration.ofDays(30))));
    }
    bench.cancel(held.getFirst().token().job());
    week();
    // A canceled job whose runner has not stopped, young enough to stay.
    Grant canceled = held.get(1);
    bench.cancel(canceled.token().job());
    List<Object> ends = new ArrayList<>();
    inTheMiddle(() -> {
      for (Grant grant : held.subList(2, 4)) {
        ends.add(bench.complete(grant, "end of " + grant.token().job()));
      }
      return ends.add(bench.commit(new Command.RunnerStopped(canceled.token())));
    });

    assertThat(flags()).isEqualTo("swept");
    assertThat(ends).hasSize(3).noneMatch(Result.LeaseLost.class::isInstance);
    for (Grant grant : held.subList(2, 4)) {
      assertThat(bench.job(grant).output())
          .isEqualTo(Payload.utf8("end of " + grant.token().job()));
      assertThat(bench.complete(grant, "again")).isInstanceOf(Result.LeaseLost.class);
    }
    assertThat(
            one(
                "SELECT runner_stopped_at IS NOT NULL FROM coatcheck.done WHERE status = 'canceled'"))
        .isEqualTo("t");
    for (Grant grant : held.subList(4, 6)) {
      assertThat(bench.complete(grant, "later")).isInstanceOf(Result.Settled.class);
    }
    assertThat(Census.faults()).isEmpty();
    assertThat(one("SELECT count(*) - count(DISTINCT id) FROM coatcheck.done")).isEqualTo("0");
  }

  /** Does something after the copy is made and before it is put in place. */
  private void inTheMiddle(Callable<?> what) throws Exception {
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection reader = TestDatabase.connect()) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT 1 FROM coatcheck.job LIMIT 1");
      OldDays patient =
          store.oldDays(
              Url.parse(TestDatabase.url()),
              LARGE,
              new DaySwap.Patience(1_000, Duration.ofMillis(30), Duration.ofMillis(30)));
      Future<?> swap =
          thread.submit(() -> {
            patient.tend(day, bench.now());
            return null;
          });
      String copied = "SELECT count(to_regclass('coatcheck.job_" + day.name() + "_next'))";
      org.awaitility.Awaitility.await().until(() -> one(copied).equals("1"));
      what.call();
      assertThat(swap.isDone()).isFalse();
      reader.rollback();
      swap.get();
    }
  }

  @Test
  void a_reader_that_stays_is_waited_for_without_holding_up_others() throws Exception {
    List<JobId> old = finished(30);
    week();
    String before = partition();
    try (Connection reader = TestDatabase.connect();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      reader.setAutoCommit(false);
      reader.createStatement().execute("SELECT 1 FROM coatcheck.job LIMIT 1");
      Future<?> swap =
          thread.submit(() -> {
            tend();
            return null;
          });
      long longest = 0;
      int submitted = 0;
      while (!swap.isDone()) {
        long start = System.nanoTime();
        bench.accepted(job("w"));
        bench.look(old.getFirst());
        longest = Math.max(longest, System.nanoTime() - start);
        submitted++;
      }
      swap.get();
      assertThat(submitted).isPositive();
      // Six locks of 15 ms at most may stand in the way of these statements.
      assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(1));
    }
    assertThat(partition()).isEqualTo(before);
    assertThat(flags()).isEqualTo("gathers");
    assertThat(one("SELECT count(to_regclass('coatcheck.job_" + day.name() + "_next'))"))
        .isEqualTo("0");
    assertThat(bench.look(old.getFirst())).isInstanceOf(Lookup.Found.class);
    assertThat(Census.faults()).isEmpty();
  }

  @Test
  void what_a_node_that_died_left_is_finished_by_the_next() throws Exception {
    List<JobId> old = finished(30);
    JobId failed = failed();
    week();
    Url url = Url.parse(TestDatabase.url());
    Pool.Purpose purpose = new Pool.Purpose("test", 2, Duration.ofSeconds(4), false);
    // One that died when it had made its copy.
    try (Connection dead = TestDatabase.connect();
        Statement statement = dead.createStatement()) {
      for (String table : List.of("job", "done")) {
        statement.execute(
            "CREATE TABLE coatcheck.%s_%s_next AS SELECT 1 AS rubbish"
                .formatted(table, day.name()));
      }
    }
    // One that died when the day was swapped.
    try (Pool pool = new Pool(url, purpose);
        Connection duty = pool.connection();
        Connection copying = pool.connection()) {
      DaySwap swap = new DaySwap(duty, copying, day, QUICK);
      assertThat(swap.begin()).isTrue();
      assertThat(store.prune(9).moved()).as("while another has the duty").isZero();
      assertThat(swap.swap(bench.now(), bench.now())).isTrue();
    }
    assertThat(flags()).isEqualTo("swept dirty");
    assertThat(bench.look(old.getFirst())).isEqualTo(new Lookup.Gone());
    assertThat(TestDatabase.count("event")).isEqualTo(30);

    // One day at a time; others are due, too.
    for (int i = 0; i < 4 && flags().contains("dirty"); i++) {
      store.prune(9);
    }

    assertThat(flags()).isEqualTo("swept");
    assertThat(TestDatabase.count("event")).isZero();
    assertThat(bench.phase(failed)).isEqualTo(Phase.FAILED);
    assertThat(Census.faults()).isEmpty();
  }

  @Test
  void a_large_old_day_gathers_what_is_past_its_retention_for_some_hours() throws Exception {
    List<JobId> old = finished(20);
    for (int i = 0; i < 5; i++) {
      failed();
    }
    bench.advance(Duration.ofDays(7).plusMinutes(1));
    tend();
    assertThat(flags()).isEqualTo("gathers");
    assertThat(store.prune(99).moved()).isZero();
    assertThat(bench.look(old.getFirst())).isInstanceOf(Lookup.Found.class);

    bench.advance(OldDays.GATHERED);
    assertThat(store.prune(99).moved()).isEqualTo(20);
    assertThat(bench.look(old.getFirst())).isInstanceOf(Lookup.Gone.class);
  }

  @Test
  void a_day_without_jobs_is_dropped_and_comes_back_if_it_must() throws Exception {
    List<JobId> old = finished(2);
    Instant then = bench.now();
    week();
    assertThat(store.prune(9).moved()).isEqualTo(2);
    bench.advance(Duration.ofDays(1));
    store.prune(9);
    assertThat(flags()).isEqualTo("dropped");
    assertThat(partition()).isNull();
    assertThat(bench.look(old.getFirst())).isEqualTo(new Lookup.Gone());
    assertThat(look(BOB, old.getFirst())).isEqualTo(new Lookup.Unknown());

    bench.restart();
    JobId late = bench.accepted(job("w").id(Jobs.idAt(then))).id();
    assertThat(bench.phase(late)).isEqualTo(Phase.READY);
    assertThat(partition()).isNotNull();
  }

  @Test
  void a_lease_with_a_member_that_is_gone_is_rescued_like_any_other() throws Exception {
    bench.accepted(job("w").deadline(Duration.ofDays(30)));
    bench.accepted(job("w").deadline(Duration.ofDays(30)));
    List<Grant> both = bench.claim("w", 2);
    bench.complete(both.getFirst(), "done");
    week();
    assertThat(store.prune(9).moved()).isEqualTo(1);
    assertThat(store.reader().heldBy(store.node())).containsExactly(both.get(1).token());
    bench.restart();
    bench.advance(Duration.ofMinutes(1));

    assertThat(bench.store().rescue(9).moved()).isEqualTo(1);
    assertThat(bench.phase(both.get(1).token().job())).isEqualTo(Phase.READY);
    assertThat(TestDatabase.count("lease")).isZero();
    assertThat(bench.store().rescue(9)).isEqualTo(new Sweep(0, null));
    assertThat(Set.copyOf(Census.faults())).isEmpty();
  }
}
