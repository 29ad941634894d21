package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Looks at days that are a week old or older: an empty one is dropped; one with many jobs, most of
 * them past their retention, is swapped for a small one, and their rows elsewhere are deleted.
 */
final class OldDays {

  /** Before that a job is deleted as soon as its retention is over. */
  static final Duration YOUNG = Duration.ofDays(7);

  /** So long a job past its retention may wait for most of its day, which is looked at before. */
  static final Duration GATHERED = Duration.ofHours(26);

  /** From so many jobs on a day is large. */
  static final int LARGE = 10_000;

  /** A look that came to nothing, as its node died or others were in the way, is repeated. */
  private static final Duration REPEAT = Duration.ofMinutes(10);

  private static final Duration LARGE_AGAIN = Duration.ofHours(6);
  private static final Duration SMALL_AGAIN = Duration.ofDays(1);

  private static final Pool.Purpose DAYS =
      new Pool.Purpose("days", 2, Duration.ofSeconds(4), false);

  /** How long one step may take. */
  private static final int STEP_MS = 600_000;

  /** Rows that are deleted in one transaction. */
  private static final int SLICE = 2_000;

  /** Tables with rows of jobs, and what their job is called. */
  private static final Map<String, String> TABLES =
      Map.ofEntries(
          Map.entry("course", "job"),
          Map.entry("attempt", "job"),
          Map.entry("event", "job"),
          Map.entry("callback", "job"),
          Map.entry("suspension", "job"),
          Map.entry("late_usage", "job"),
          Map.entry("retry", "original"),
          Map.entry("file_use", "job"),
          Map.entry("job_tag", "id"));

  private record Counts(long jobs, long old) {

    /** At least nine in ten. */
    boolean mostlyOld(int large) {
      return old >= large && old >= jobs - jobs / 10;
    }
  }

  private final Url url;
  private final Pools pools;
  private final Transactions transactions;
  private final int large;
  private final DaySwap.Patience patience;

  OldDays(Url url, Pools pools, Transactions transactions, int large, DaySwap.Patience patience) {
    this.url = url;
    this.pools = pools;
    this.transactions = transactions;
    this.large = large;
    this.patience = patience;
  }

  /** A day that it is time to look at; null if there is none. */
  static @Nullable Day take(Turn turn) throws SQLException {
    Instant now = turn.now();
    turn.bind(Sql.FORGET_DAYS)
        .uuid(Uuids.of(JobId.floor(now.minus(PostgresReader.IDS_KEPT))))
        .update();
    return turn.bind(Sql.TAKE_DAY)
        .time(now)
        .time(now.plus(REPEAT))
        .first(row -> new Day(Day.date(row.id().createdAt()), row.flag()));
  }

  /** Looks at a day, and does what is to be done. */
  void tend(Day day, Instant now) throws SQLException {
    if (day.dirty()) {
      clean(day);
    }
    Counts counts;
    try (Connection connection = patient(pools.reads())) {
      counts = count(new Session(connection), day, now);
    }
    if (counts.jobs() == 0) {
      drop(day);
    } else if (counts.mostlyOld(large) && swap(day, now)) {
      clean(day);
    } else {
      boolean many = counts.jobs() >= large;
      Instant again = now.plus(many ? LARGE_AGAIN : SMALL_AGAIN);
      transactions.change(
          turn -> turn.bind(Sql.LOOK_AGAIN).uuid(day.first()).time(again).flag(many).update());
    }
  }

  /** If others are in the way now, it is for the next look. */
  private void drop(Day day) throws SQLException {
    try (Connection duty = pools.changes().connection()) {
      DaySwap swap = new DaySwap(duty, duty, day, DaySwap.Patience.SHORT);
      if (swap.begin()) {
        swap.drop();
      }
    }
  }

  private boolean swap(Day day, Instant now) throws SQLException {
    try (Pool pool = new Pool(url, DAYS);
        Connection duty = patient(pool);
        Connection copying = patient(pool)) {
      DaySwap swap = new DaySwap(duty, copying, day, patience);
      return swap.begin() && swap.swap(now, now.plus(SMALL_AGAIN));
    }
  }

  private static Connection patient(Pool pool) throws SQLException {
    Connection connection = pool.connection();
    connection.setNetworkTimeout(Runnable::run, STEP_MS);
    return connection;
  }

  private static Counts count(Session session, Day day, Instant now) throws SQLException {
    return session
        .bind(Sql.COUNT_DAY)
        .uuid(day.first())
        .uuid(day.until())
        .time(now)
        .list(row -> new Counts(row.number(), row.number()))
        .getFirst();
  }

  /** Deletes what is left of jobs that went with their day; begun anew if it was cut short. */
  void clean(Day day) throws SQLException {
    for (Map.Entry<String, String> table : TABLES.entrySet()) {
      UUID from = day.first();
      while (from != null) {
        from = cleanRows(day, table.getKey(), table.getValue(), from);
      }
    }
    while (transactions.change(turn -> cleanLetters(turn, day)) == SLICE) {
      transactions.requireOpen();
    }
    while (transactions.change(turn -> cleanKeys(turn, day)) == SLICE) {
      transactions.requireOpen();
    }
    transactions.change(turn -> turn.bind(Sql.CLEAN_DAY).uuid(day.first()).update());
  }

  /** The job at which to go on; null for none. */
  private @Nullable UUID cleanRows(Day day, String table, String key, UUID from) {
    List<JobId> jobs =
        transactions.change(turn ->
            turn.session()
                .bind(Sql.CLEAN_ROWS, text -> text.replace(":table", table).replace(":key", key))
                .uuid(from)
                .uuid(day.until())
                .number(SLICE)
                .list(Columns::id));
    return jobs.size() < SLICE ? null : Uuids.of(jobs.stream().max(JobId::compareTo).orElseThrow());
  }

  private static int cleanLetters(Turn turn, Day day) throws SQLException {
    List<PruneStep.Letter> letters =
        turn.bind(Sql.CLEAN_LETTERS)
            .uuid(day.first())
            .uuid(day.until())
            .number(SLICE)
            .list(PruneStep.Letter::of);
    letters.forEach(letter -> letter.count(turn));
    return letters.size();
  }

  private static int cleanKeys(Turn turn, Day day) throws SQLException {
    return turn.bind(Sql.CLEAN_KEYS)
        .uuid(day.first())
        .uuid(day.until())
        .number(SLICE)
        .duration(PruneStep.KEYS_KEPT)
        .update();
  }
}
