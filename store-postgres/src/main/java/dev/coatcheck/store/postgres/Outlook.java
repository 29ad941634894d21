package dev.coatcheck.store.postgres;

import dev.coatcheck.store.Sweep;
import dev.coatcheck.store.base.Hints;
import dev.coatcheck.store.base.News;
import dev.coatcheck.store.base.Upkeep;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks with one statement whether upkeep has anything to do, before a transaction is begun for it.
 */
final class Outlook {

  /**
   * @param scheduled where the first schedule stands, as far as it was looked for
   */
  private record Seen(@Nullable Instant next, Instant now, @Nullable Instant scheduled) {}

  private final Transactions transactions;
  private final Pool pool;
  private final StoreClock clock;
  private final Turn.Fixed fixed;
  private final Hints hints;
  private final Pulse pulse;

  Outlook(
      Transactions transactions,
      Pool pool,
      StoreClock clock,
      Turn.Fixed fixed,
      Hints hints,
      Pulse pulse) {
    this.transactions = transactions;
    this.pool = pool;
    this.clock = clock;
    this.fixed = fixed;
    this.hints = hints;
    this.pulse = pulse;
  }

  /** The pass if there may be something to do, else when there is. */
  Sweep sweep(Upkeep upkeep, Transactions.Change<Sweep> pass) {
    transactions.requireOpen();
    Sweep quiet = pulse.quiet(upkeep);
    if (quiet != null) {
      return quiet;
    }
    long begun = hints.looks(upkeep);
    Sweep swept = looked(upkeep, pass);
    hints.looked(upkeep, begun);
    return swept;
  }

  private Sweep looked(Upkeep upkeep, Transactions.Change<Sweep> pass) {
    Seen seen = pool.read(session -> look(session, fixed, upkeep));
    Instant next = seen.next();
    Instant now = clock.now(seen.now());
    boolean due = next != null && !next.isAfter(now);
    if (due || (upkeep == Upkeep.STAGE && fixed.watch().due(now))) {
      return transactions.change(pass);
    }
    News news = new News(hints);
    news.swept(upkeep, next);
    news.scheduled(seen.scheduled());
    hints.give(news);
    return new Sweep(0, next);
  }

  /** When the sweep has something to do again, as far as this transaction sees. */
  static @Nullable Instant next(Turn turn, Upkeep upkeep) throws SQLException {
    Seen seen = look(turn.session(), turn.fixed(), upkeep);
    turn.news().scheduled(seen.scheduled());
    return seen.next();
  }

  private static Seen look(Session session, Turn.Fixed fixed, Upkeep upkeep) throws SQLException {
    Bind query =
        switch (upkeep) {
          case STAGE -> session.bind(Sql.NEXT_STAGE);
          case RESCUE -> session.bind(Sql.NEXT_RESCUE).runner(fixed.node());
          case PRUNE -> session.bind(Sql.NEXT_PRUNE).duration(OldDays.GATHERED);
        };
    return query.list(row -> upkeep == Upkeep.STAGE ? staged(row, fixed) : seen(row)).getFirst();
  }

  private static Seen staged(Columns row, Turn.Fixed fixed) throws SQLException {
    Instant next = fixed.watch().earlier(row.optionalTime());
    return new Seen(next, row.time(), row.optionalTime());
  }

  private static Seen seen(Columns row) throws SQLException {
    return new Seen(row.optionalTime(), row.time(), null);
  }
}
