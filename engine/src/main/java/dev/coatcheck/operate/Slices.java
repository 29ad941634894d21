package dev.coatcheck.operate;

import dev.coatcheck.commit.Committer;
import dev.coatcheck.job.DeadLetter;
import dev.coatcheck.job.Job;
import dev.coatcheck.job.JobFilter;
import dev.coatcheck.job.JobId;
import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.Order;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Deed;
import dev.coatcheck.store.DeadLetterQuery;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Reader.Lookup;
import dev.coatcheck.store.Result;
import dev.coatcheck.store.Sweep;
import java.util.ArrayList;
import java.util.List;

/** Looks for what an operation does next and hands it to the store, one slice at a time. */
final class Slices {

  /** A slice holds no more bytes of input than this, but for one job. */
  private static final long BYTES_MAX = 4L << 20;

  private final Reader reader;
  private final Committer committer;
  private final Drafts drafts;

  Slices(Reader reader, Committer committer, Drafts drafts) {
    this.reader = reader;
    this.committer = committer;
    this.drafts = drafts;
  }

  /** Does the next slice. */
  Result.AdvanceResult next(Operation operation) throws InterruptedException {
    int most = most(operation);
    List<Deed> deeds =
        switch (operation.order()) {
          case Order.Redrive redrive -> redrive(operation, redrive, most);
          case Order.Cancel(JobFilter filter) -> cancel(operation, filter, most);
        };
    boolean last = deeds.isEmpty();
    return (Result.AdvanceResult)
        committer.commit(new Command.Advance(operation.id(), operation.version(), deeds, last));
  }

  private static int most(Operation operation) {
    Integer perSecond = operation.pace().perSecond();
    long most = perSecond == null ? Sweep.SLICE : Math.min(Sweep.SLICE, perSecond);
    return (int) Math.min(most, operation.left());
  }

  private List<Deed> redrive(Operation operation, Order.Redrive order, int most) {
    DeadLetterQuery query =
        new DeadLetterQuery(
            operation.tenant(),
            order.filter().until(operation.createdAt()),
            DeadLetter.State.OPEN,
            operation.place(),
            most);
    List<Deed> deeds = new ArrayList<>();
    long bytes = 0;
    for (Place place : reader.deadLetterPlaces(query)) {
      Deed deed = again(operation, order, place);
      deeds.add(deed);
      bytes += deed instanceof Deed.Redrive(var at, var job) ? job.input().size() : 0;
      if (bytes >= BYTES_MAX) {
        break;
      }
    }
    return deeds;
  }

  private Deed again(Operation operation, Order.Redrive order, Place place) {
    if (!(reader.job(operation.tenant(), place.job()) instanceof Lookup.Found(Job old))) {
      return new Deed.Refuse(place);
    }
    return switch (drafts.of(old, order)) {
      case Drafts.Drafted(var job) -> new Deed.Redrive(place, job);
      case Drafts.Unfit(var code) -> new Deed.Refuse(place);
    };
  }

  private List<Deed> cancel(Operation operation, JobFilter filter, int most) {
    JobFilter present = filter.until(operation.createdAt());
    Place place = operation.place();
    JobId before = place == null ? null : place.job();
    return reader.openJobs(operation.tenant(), present, before, most).stream()
        .<Deed>map(job -> new Deed.Cancel(Place.of(job), filter.status()))
        .toList();
  }
}
