package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Signals.Listener;
import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Hints;
import dev.coatcheck.store.base.News;
import dev.coatcheck.store.base.Upkeep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The statement that tells every few seconds that the node is alive, and looks in the same go for
 * what hints of other nodes may have failed to tell. While it beats, nobody else here needs to
 * look: what it finds is told as a hint.
 */
final class Pulse {

  /** How late a beat may be before others look for themselves. */
  private static final Duration LATE = Duration.ofSeconds(1);

  /**
   * What a beat saw.
   *
   * @param sentAt by {@link System#nanoTime}
   * @param stage when stage has something to do
   * @param rescue when rescue has
   * @param scheduled where the first schedule stands
   * @param asked the workers that it looked for work of
   * @param ready those that have some
   */
  private record Beat(
      long sentAt,
      Instant now,
      long workersChange,
      @Nullable Instant stage,
      @Nullable Instant rescue,
      @Nullable Instant scheduled,
      Set<String> asked,
      Set<String> ready) {

    Beat withReady(Set<String> found) {
      return new Beat(sentAt, now, workersChange, stage, rescue, scheduled, asked, found);
    }

    /** What time it is by now. */
    Instant time() {
      return now.plusNanos(System.nanoTime() - sentAt);
    }
  }

  private final Pool pool;
  private final StoreClock clock;
  private final Turn.Fixed fixed;
  private final Hints hints;
  private final Listener notices;
  private final Duration lease;
  private final Duration pause;
  private final Set<String> workers = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Beat last;

  /**
   * One that has not begun.
   *
   * @param notices not told of what it finds, as every node finds it
   */
  Pulse(
      Pool pool,
      StoreClock clock,
      Turn.Fixed fixed,
      Hints hints,
      Listener notices,
      Duration lease) {
    this.pool = pool;
    this.clock = clock;
    this.fixed = fixed;
    this.hints = hints;
    this.notices = notices;
    this.lease = lease;
    this.pause = Node.pause(lease);
  }

  /** Says it and looks; the time by the database's clock. */
  Instant beat() throws SQLException {
    Beat before = last;
    Beat beat;
    try (Connection connection = pool.connection()) {
      connection.setAutoCommit(true);
      beat = look(new Session(connection));
    }
    last = beat;
    tell(beat);
    if (before != null && before.workersChange() != beat.workersChange()) {
      hints.pass(notices, Listener::workersChanged);
    }
    return beat.now();
  }

  private Beat look(Session session) throws SQLException {
    Set<String> asked = Set.copyOf(workers);
    long sentAt = System.nanoTime();
    Map<String, LowWater.Start> from = new LinkedHashMap<>();
    asked.forEach(worker -> from.put(worker, fixed.lowWater().begin(worker, sentAt)));
    List<LowWater.Start> starts = new ArrayList<>(from.values());
    Beat beat =
        session
            .bind(Sql.PULSE)
            .runner(fixed.node())
            .duration(lease)
            .time(clock.given())
            .array("text", from.keySet().toArray())
            .array("text", starts.stream().map(LowWater.Start::lane).toArray())
            .array("smallint", starts.stream().map(start -> start.place().rank()).toArray())
            .array("uuid", starts.stream().map(start -> start.place().id()).toArray())
            .list(row -> beat(row, sentAt, asked))
            .getFirst();
    return starts.stream().allMatch(LowWater.Start.HEAD::equals)
        ? beat
        : beat.withReady(FirstReady.of(session, fixed.lowWater(), asked));
  }

  private static Beat beat(Columns row, long sentAt, Set<String> asked) throws SQLException {
    return new Beat(
        sentAt,
        row.time(),
        row.number(),
        row.optionalTime(),
        row.optionalTime(),
        row.optionalTime(),
        asked,
        words(row.optionalText()));
  }

  private static Set<String> words(@Nullable String text) {
    return text == null ? Set.of() : new HashSet<>(List.of(text.split(" ")));
  }

  private void tell(Beat beat) {
    beat.ready().forEach(worker -> hints.pass(notices, listener -> listener.work(worker)));
    News news = new News(hints);
    news.due(Upkeep.STAGE, beat.stage());
    news.due(Upkeep.RESCUE, beat.rescue());
    news.scheduled(beat.scheduled());
    hints.give(news);
  }

  private @Nullable Beat fresh() {
    Beat beat = last;
    boolean late =
        beat == null
            || System.nanoTime() - beat.sentAt() > pause.plus(LATE).toNanos()
            || clock.given() != null;
    return late ? null : beat;
  }

  /** Whether work of all these is looked for. If not, it is from the next beat on. */
  boolean looksFor(Set<String> wanted) {
    workers.addAll(wanted);
    Beat beat = fresh();
    return beat != null && beat.asked().containsAll(wanted);
  }

  /**
   * What a sweep is told that has nothing to do, as far as is known here and was seen by the last
   * beat; null if it has to look.
   */
  @Nullable Sweep quiet(Upkeep upkeep) {
    Beat beat = fresh();
    if (beat == null || upkeep == Upkeep.PRUNE || !hints.sure(upkeep)) {
      return null;
    }
    Instant now = beat.time();
    Instant next = hints.next(upkeep);
    if (upkeep == Upkeep.STAGE) {
      if (fixed.watch().due(now)) {
        return null;
      }
      next = fixed.watch().earlier(next);
    }
    return next == null || next.isAfter(now) ? new Sweep(0, next) : null;
  }
}
