package dev.coatcheck.operate;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.DeadLetterEntry;
import dev.coatcheck.job.DeadLetterFilter;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.job.TenantId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.OperationId;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Pace;
import dev.coatcheck.operation.Place;
import dev.coatcheck.runtime.Machine;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.DeadLetterQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.Sweep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be done to many jobs: those that a caller names, or those that a filter names. */
public final class Bulk {

  private final Reader reader;
  private final Committer committer;
  private final Machine machine;
  private final Drafts drafts;
  private final Operator operator;

  /**
   * Goes on with operations that are open, from now on.
   *
   * @param drafts how jobs are repeated
   * @param told is told what became of each job of an operation; must return at once
   */
  public Bulk(
      Store store, Committer committer, Machine machine, Drafts drafts, Consumer<Result> told) {
    this.reader = store.reader();
    this.committer = committer;
    this.machine = machine;
    this.drafts = drafts;
    this.operator =
        new Operator(
            new Slices(reader, committer, drafts), reader, machine, told, store.signals().lossy());
  }

  /** What became of one job that was to be repeated. */
  public sealed interface Repeated {

    /** The job that was named. */
    JobId from();

    /** It is repeated by this one. */
    record As(JobId from, Job job) implements Repeated {}

    /**
     * It is not, and why: {@code already_redriven}, {@code not_a_dead_letter}, {@code discarded},
     * {@code queue_full}, {@code file_not_found}, or what the draft says.
     */
    record Not(JobId from, String code) implements Repeated {}
  }

  /** Repeats the jobs of these dead letters, those that are open. */
  public List<Repeated> redrive(TenantId tenant, List<JobId> ids, Order.Redrive order)
      throws InterruptedException {
    List<Object> found = new ArrayList<>(ids.size());
    List<Command> commands = new ArrayList<>();
    for (JobId id : ids) {
      Object next = prepared(tenant, id, order);
      found.add(next);
      if (next instanceof Command.Redrive command) {
        commands.add(command);
      }
    }
    List<Result> results = committer.commit(commands);
    List<Repeated> answer = new ArrayList<>(ids.size());
    int done = 0;
    for (int i = 0; i < ids.size(); i++) {
      answer.add(
          found.get(i) instanceof Repeated.Not not
              ? not
              : repeated(ids.get(i), results.get(done++)));
    }
    return answer;
  }

  /** A command that repeats the job, or a {@link Repeated.Not}. */
  private Object prepared(TenantId tenant, JobId id, Order.Redrive order) {
    Optional<DeadLetterEntry> letter = reader.deadLetter(tenant, id);
    String closed = letter.map(Bulk::closed).orElse("not_a_dead_letter");
    if (!closed.isEmpty()) {
      return new Repeated.Not(id, closed);
    }
    if (!(reader.job(tenant, id) instanceof Lookup.Found(Job old))) {
      return new Repeated.Not(id, "not_a_dead_letter");
    }
    return switch (drafts.of(old, order)) {
      case Drafts.Drafted(var job) -> new Command.Redrive(job);
      case Drafts.Unfit(var code) -> new Repeated.Not(id, code);
    };
  }

  private static String closed(DeadLetterEntry letter) {
    return switch (letter.state()) {
      case OPEN -> "";
      case REDRIVEN -> "already_redriven";
      case DISCARDED -> "discarded";
    };
  }

  private static Repeated repeated(JobId from, Result result) {
    return switch ((Result.RedriveResult) result) {
      case Result.Redriven(var job) -> new Repeated.As(from, job);
      case Result.AlreadyRedriven already -> new Repeated.Not(from, "already_redriven");
      case Result.LetterDiscarded discarded -> new Repeated.Not(from, "discarded");
      case Result.NotADeadLetter none -> new Repeated.Not(from, "not_a_dead_letter");
      case Result.QueueFull full -> new Repeated.Not(from, "queue_full");
      case Result.NoSuchFile gone -> new Repeated.Not(from, "file_not_found");
    };
  }

  /** Sets the open dead letters of these jobs aside; how many there were. */
  public int discard(TenantId tenant, List<JobId> ids) throws InterruptedException {
    return ((Result.Discarded) committer.commit(new Command.Discard(tenant, ids))).letters();
  }

  /**
   * Sets the open dead letters that the filter names aside, those that are there when it begins.
   * Slice by slice: what was done before a failure stays done.
   *
   * @param limit how many at most
   */
  public long discard(TenantId tenant, DeadLetterFilter filter, long limit)
      throws InterruptedException {
    DeadLetterFilter present = filter.until(machine.now());
    long discarded = 0;
    Place before = null;
    while (discarded < limit) {
      int slice = (int) Math.min(Sweep.SLICE, limit - discarded);
      List<Place> places =
          reader.deadLetterPlaces(
              new DeadLetterQuery(tenant, present, DeadLetter.State.OPEN, before, slice));
      if (places.isEmpty()) {
        break;
      }
      discarded += discard(tenant, places.stream().map(Place::job).toList());
      before = places.getLast();
    }
    return discarded;
  }

  /** Begins an operation. When this returns, it is durable, and it is done whoever dies. */
  public Operation begin(TenantId tenant, Order order, Pace pace) throws InterruptedException {
    OperationId id =
        OperationId.of(machine.now(), machine.random().nextInt(), machine.random().nextLong());
    long matched = matched(tenant, order, pace.limit());
    Result.Begun begun =
        (Result.Begun) committer.commit(new Command.Begin(id, tenant, order, pace, matched));
    operator.take(id);
    return begun.operation();
  }

  /** How many jobs an order means at present, no more than the limit. */
  public long matched(TenantId tenant, Order order, @Nullable Long limit) {
    int most = limit == null ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE);
    return switch (order) {
      case Order.Redrive redrive ->
          reader.countDeadLetters(DeadLetterQuery.open(tenant, redrive.filter(), most));
      case Order.Cancel cancel -> reader.countOpenJobs(tenant, cancel.filter(), most);
    };
  }

  /** The first jobs that an order means at present. */
  public List<JobId> sample(TenantId tenant, Order order, int most) {
    return switch (order) {
      case Order.Redrive redrive ->
          reader.deadLetterPlaces(DeadLetterQuery.open(tenant, redrive.filter(), most)).stream()
              .map(Place::job)
              .toList();
      case Order.Cancel(JobFilter filter) -> reader.openJobs(tenant, filter, null, most);
    };
  }

  public void stop() throws InterruptedException {
    operator.stop();
  }
}
