package dev.coatcheck.store.base;

import dev.coatcheck.operation.Operation;
import dev.coatcheck.operation.Operation.Tally;
import dev.coatcheck.operation.Place;
import dev.coatcheck.store.Command;
import dev.coatcheck.store.Command.Deed;
import dev.coatcheck.store.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A slice of an operation under way: does its deeds one after the other and counts. */
public final class Slice {

  /** How long an operation waits for a queue that is full. */
  private static final Duration QUEUE_FULL = Duration.ofSeconds(1);

  /** Does one deed within the transaction. */
  @FunctionalInterface
  public interface Hand<E extends Exception> {
    Result act(Deed deed) throws E;
  }

  private final Operation before;
  private final List<Result> results = new ArrayList<>();
  private Tally tally = Tally.NOTHING;
  private @Nullable Place place;
  private boolean cut;

  private Slice(Operation before) {
    this.before = before;
    this.place = before.place();
  }

  /** Does the deeds of a command whose operation stands as given, and tells how it stands then. */
  public static <E extends Exception> Result.Advanced of(
      Operation before, Command.Advance command, Instant now, Hand<E> hand) throws E {
    Slice slice = new Slice(before);
    for (Deed deed : command.deeds()) {
      if (!slice.cut) {
        slice.count(deed, hand.act(deed));
      }
    }
    return new Result.Advanced(slice.after(command.last(), now), List.copyOf(slice.results));
  }

  private void count(Deed deed, Result result) {
    if (result instanceof Result.QueueFull) {
      cut = true;
      return;
    }
    results.add(result);
    place = deed.place();
    tally =
        tally.plus(
            switch (result) {
              case Result.Redriven redriven -> new Tally(1, 0, 0);
              case Result.Canceled canceled -> new Tally(1, 0, 0);
              case Result.NoSuchFile none -> new Tally(0, 0, 1);
              case Result.Refused refused -> new Tally(0, 0, 1);
              default -> new Tally(0, 1, 0);
            });
  }

  private Operation after(boolean last, Instant now) {
    boolean done = !cut && (last || before.left() <= tally.all());
    return before.advanced(tally, place, nextDue(now), done ? now : null);
  }

  /** The pace is kept over the slices: what was done later than it was due is not made up for. */
  private Instant nextDue(Instant now) {
    Integer perSecond = before.pace().perSecond();
    Instant least = cut ? now.plus(QUEUE_FULL) : now;
    if (perSecond == null) {
      return least;
    }
    Instant paced = now.plusMillis(Math.ceilDiv(tally.all() * 1_000, perSecond));
    return paced.isBefore(least) ? least : paced;
  }
}
