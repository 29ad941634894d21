package dev.coatcheck.testkit;

import static dev.coatcheck.testkit.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coatcheck.job.DeadLetter.State;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.ErrorCode;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.JobStatus;
import dev.coatcheck.job.Payload;
import dev.coatcheck.job.Phase;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.Operation.Tally;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Deed;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a store promises of operations: slices happen whole, once, and are remembered. */
public interface OperationContract extends OnBench {

  OperationId ID = new OperationId(11, 12);

  @Test
  default void an_operation_is_known_as_it_was_begun() {
    Instant at = bench().now();
    List<Order> orders =
        List.of(
            new Order.Redrive(
                new DeadLetterFilter("w", "internal", "abc", at, at.plusSeconds(1)),
                "v",
                Payload.utf8("{\"a\":1}")),
            Order.Redrive.asTheyWere(DeadLetterFilter.NONE),
            new Order.Cancel(JobFilter.NONE),
            new Order.Cancel(
                new JobFilter("w", JobStatus.QUEUED, at, at, new JobFilter.Tag("user", "a&b=c"))));
    List<Operation> begun = new ArrayList<>();
    for (Order order : orders) {
      OperationId id = new OperationId(7, begun.size());
      begun.add(begin(id, order, new Pace(50, 7L)));
      bench().advance(Duration.ofSeconds(1));
    }

    bench().restart();

    for (Operation operation : begun) {
      assertThat(reader().operation(StoreBench.TENANT, operation.id())).contains(operation);
      assertThat(reader().operation(new TenantId("bob"), operation.id())).isEmpty();
      assertThat(operation.order()).isEqualTo(orders.get(begun.indexOf(operation)));
    }
    assertThat(reader().openOperations()).isEqualTo(begun);
    assertThat(reader().operation(StoreBench.TENANT, ID)).isEmpty();
  }

  @Test
  default void a_slice_does_its_deeds_and_counts_them() {
    JobId first = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId second = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId third = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    bench().commit(new Command.Discard(StoreBench.TENANT, List.of(second)));
    Operation operation = begin(ID, Order.Redrive.asTheyWere(DeadLetterFilter.NONE), Pace.FREE);

    Operation after =
        advanced(operation, false, redrive(first), redrive(second), refuse(third)).operation();

    assertThat(after.tally()).isEqualTo(new Tally(1, 1, 1));
    assertThat(after.place()).isEqualTo(place(third));
    assertThat(after.version()).isEqualTo(operation.version() + 1);
    assertThat(after.done()).isFalse();
    assertThat(reader().operation(StoreBench.TENANT, ID)).contains(after);
    assertThat(state(first)).isEqualTo(State.REDRIVEN);
    assertThat(state(third)).isEqualTo(State.OPEN);
    assertThat(bench().claim("w", 9)).hasSize(1);
    Operation end = advanced(after, true).operation();
    assertThat(end.finishedAt()).isEqualTo(bench().now());
    assertThat(reader().openOperations()).isEmpty();
    assertThat(advance(end, true)).isEqualTo(new Result.Overtaken());
  }

  @Test
  default void a_slice_at_another_version_does_nothing() {
    JobId first = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId second = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    Operation operation = begin(ID, Order.Redrive.asTheyWere(DeadLetterFilter.NONE), Pace.FREE);
    Operation after = advanced(operation, false, redrive(first)).operation();

    assertThat(advance(operation, true, redrive(second))).isEqualTo(new Result.Overtaken());
    assertThat(bench().commit(new Command.Advance(new OperationId(3, 3), 0, List.of(), true)))
        .isEqualTo(new Result.Overtaken());

    assertThat(state(second)).isEqualTo(State.OPEN);
    assertThat(reader().operation(StoreBench.TENANT, ID)).contains(after);
  }

  @Test
  default void a_pace_makes_the_next_slice_wait_and_a_limit_ends_it() {
    JobId first = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId second = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    Order order = Order.Redrive.asTheyWere(DeadLetterFilter.NONE);
    Operation operation = begin(ID, order, new Pace(2, 2L));

    Operation after = advanced(operation, false, redrive(first)).operation();

    assertThat(after.dueAt()).isEqualTo(bench().now().plusMillis(500));
    assertThat(after.left()).isEqualTo(1);
    assertThat(advance(after, false, redrive(second))).isEqualTo(new Result.NotYet());
    assertThat(state(second)).isEqualTo(State.OPEN);
    bench().advance(Duration.ofMillis(500));
    Operation end = advanced(after, false, redrive(second)).operation();
    assertThat(end.done()).isTrue();
    assertThat(end.tally()).isEqualTo(new Tally(2, 0, 0));
  }

  @Test
  default void a_full_queue_stops_the_slice_and_loses_nothing() {
    JobId first = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    JobId second = bench().dead(job("w"), ErrorCode.INTERNAL, "no");
    Operation operation = begin(ID, Order.Redrive.asTheyWere(DeadLetterFilter.NONE), Pace.FREE);

    Operation after = advanced(operation, true, redrive(first, 1), redrive(second, 1)).operation();

    assertThat(after.tally()).isEqualTo(new Tally(1, 0, 0));
    assertThat(after.place()).isEqualTo(place(first));
    assertThat(after.done()).isFalse();
    assertThat(after.dueAt()).isAfter(bench().now());
    assertThat(state(second)).isEqualTo(State.OPEN);
  }

  @Test
  default void open_jobs_are_canceled_and_nothing_else() {
    JobId ready = bench().accepted(job("w")).id();
    JobId waiting = bench().accepted(job("w").delay(Duration.ofHours(1))).id();
    JobId foreign = bench().accepted(job("v").tenant("bob")).id();
    JobId running = bench().running(job("u")).token().job();
    JobId done = bench().dead(job("x"), ErrorCode.INTERNAL, "no");
    Operation operation = begin(ID, new Order.Cancel(JobFilter.NONE), Pace.FREE);

    Result.Advanced advanced =
        advanced(
            operation,
            true,
            cancel(running, JobStatus.QUEUED),
            cancel(ready, null),
            cancel(waiting, JobStatus.QUEUED),
            cancel(foreign, null),
            cancel(done, null));

    assertThat(advanced.operation().tally()).isEqualTo(new Tally(2, 3, 0));
    assertThat(advanced.results().getFirst()).isEqualTo(new Result.Elsewhere());
    assertThat(advanced.results().get(1)).isInstanceOf(Result.Canceled.class);
    assertThat(bench().phase(ready)).isEqualTo(Phase.CANCELED);
    assertThat(bench().phase(waiting)).isEqualTo(Phase.CANCELED);
    assertThat(bench().phase(running)).isEqualTo(Phase.RUNNING);
    assertThat(bench().phase(done)).isEqualTo(Phase.FAILED);
    assertThat(bench().claim("v", 9)).hasSize(1);
    assertThat(bench().claim("w", 9)).isEmpty();
  }

  @Test
  default void every_condition_finds_open_jobs() {
    JobId ready = bench().accepted(job("w").metadata("user", "ann")).id();
    bench().advance(Duration.ofSeconds(1));
    JobId waiting = bench().accepted(job("w").delay(Duration.ofHours(1))).id();
    JobId running = bench().running(job("v").metadata("user", "ann")).token().job();
    bench().advance(Duration.ofSeconds(1));
    JobId suspended = suspended("u");
    bench().dead(job("x").metadata("user", "ann"), ErrorCode.INTERNAL, "no");
    bench().accepted(job("w").tenant("bob"));
    Instant start = ready.createdAt();
    JobFilter.Tag ann = new JobFilter.Tag("user", "ann");

    expect(JobFilter.NONE, suspended, running, waiting, ready);
    expect(JobFilter.of("w"), waiting, ready);
    expect(JobFilter.of("none"));
    expect(new JobFilter(null, JobStatus.QUEUED, null, null, null), waiting, ready);
    expect(new JobFilter(null, JobStatus.RUNNING, null, null, null), suspended, running);
    expect(new JobFilter("u", JobStatus.RUNNING, null, null, null), suspended);
    expect(new JobFilter("u", JobStatus.QUEUED, null, null, null));
    expect(new JobFilter(null, null, start.plusMillis(1), null, null), suspended, running, waiting);
    expect(new JobFilter(null, null, null, start.plusMillis(1), null), ready);
    expect(new JobFilter(null, null, null, null, ann), running, ready);
    expect(new JobFilter("w", null, null, null, ann), ready);
    expect(new JobFilter("w", JobStatus.RUNNING, null, null, ann));
    assertThat(reader().openJobs(StoreBench.TENANT, JobFilter.NONE, running, 1))
        .containsExactly(waiting);
    assertThat(reader().countOpenJobs(StoreBench.TENANT, JobFilter.NONE, 3)).isEqualTo(3);
  }

  private JobId suspended(String worker) {
    var grant = bench().running(job(worker));
    bench().suspend(grant, Duration.ofHours(1));
    return grant.token().job();
  }

  private void expect(JobFilter filter, JobId... ids) {
    assertThat(reader().openJobs(StoreBench.TENANT, filter, null, 100))
        .as(filter.toString())
        .containsExactly(ids);
    assertThat(reader().countOpenJobs(StoreBench.TENANT, filter, 100))
        .as(filter.toString())
        .isEqualTo(ids.length);
  }

  @Test
  default void a_finished_operation_is_known_for_a_week() {
    Operation open = begin(new OperationId(5, 5), new Order.Cancel(JobFilter.NONE), Pace.FREE);
    Operation operation = begin(ID, new Order.Cancel(JobFilter.NONE), Pace.FREE);
    advanced(operation, true);
    bench().advance(Command.OPERATION_KEPT.minusMillis(1));
    bench().store().prune(9);
    assertThat(reader().operation(StoreBench.TENANT, ID)).isPresent();
    assertThat(bench().store().prune(9).next()).isEqualTo(bench().now().plusMillis(1));

    bench().advance(Duration.ofMillis(1));
    bench().store().prune(9);

    assertThat(reader().operation(StoreBench.TENANT, ID)).isEmpty();
    assertThat(reader().operation(StoreBench.TENANT, open.id())).contains(open);
  }

  private Operation begin(OperationId id, Order order, Pace pace) {
    Command begin = new Command.Begin(id, StoreBench.TENANT, order, pace, 3);
    return ((Result.Begun) bench().commit(begin)).operation();
  }

  private Result advance(Operation operation, boolean last, Deed... deeds) {
    return bench()
        .commit(new Command.Advance(operation.id(), operation.version(), List.of(deeds), last));
  }

  private Result.Advanced advanced(Operation operation, boolean last, Deed... deeds) {
    return (Result.Advanced) advance(operation, last, deeds);
  }

  private Deed redrive(JobId dead) {
    return redrive(dead, 100);
  }

  private Deed redrive(JobId dead, int queueLimit) {
    Jobs again = job("w").retryOf(dead).queueLimit(queueLimit);
    return new Deed.Redrive(place(dead), again.build(bench().now()));
  }

  private Deed refuse(JobId dead) {
    return new Deed.Refuse(place(dead));
  }

  private static Deed cancel(JobId job, @Nullable JobStatus only) {
    return new Deed.Cancel(Place.of(job), only);
  }

  private Place place(JobId dead) {
    return new Place(Objects.requireNonNull(bench().job(dead).times().finishedAt()), dead);
  }

  private @Nullable State state(JobId dead) {
    return reader().deadLetter(StoreBench.TENANT, dead).map(DeadLetterEntry::state).orElse(null);
  }

  private Reader reader() {
    return bench().store().reader();
  }
}
