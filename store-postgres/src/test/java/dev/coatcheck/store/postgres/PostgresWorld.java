package dev.coatcheck.store.postgres;

import dev.coatcheck.job.JobId;
import dev.coatcheck.job.Phase;
import dev.coatcheck.simulation.world.Database;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Signals;
import dev.coatcheck.store.Store;
import dev.coatcheck.store.base.Weights;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a simulated world in a real PostgreSQL. Its time is the world's. What the store does
 * on threads of its own, in real time, is kept out of the world: a node counts as alive until its
 * process is known to be gone, and hints go from node to node within the task that made the change.
 */
final class PostgresWorld implements Database {

  private static final Set<String> INDEXED = Set.of("user");

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Duration lease;
  private final Hints hints = new Hints();

  private final List<Store> opened;

  private PostgresWorld(
      InstantSource clock, RandomGenerator random, Duration lease, List<Store> opened) {
    this.clock = clock;
    this.random = random;
    this.lease = lease;
    this.opened = opened;
    TestDatabase.clear();
  }

  /** Makes one world after the other in the one database that there is. */
  static final class Maker implements Database.Maker, AutoCloseable {

    private final List<Store> opened = new ArrayList<>();

    /** What a node says of itself in real time would not do in the world's, which runs faster. */
    Maker() throws SQLException {
      execute(
          """
          CREATE OR REPLACE FUNCTION coatcheck.live() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            NEW.until := 9000000000000000;
            RETURN NEW;
          END $$
          """);
      execute(
          "CREATE OR REPLACE TRIGGER live BEFORE INSERT ON coatcheck.node"
              + " FOR EACH ROW EXECUTE FUNCTION coatcheck.live()");
    }

    private static void execute(String sql) throws SQLException {
      try (Connection connection = TestDatabase.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    @Override
    public Database make(InstantSource clock, RandomGenerator random, Duration lease) {
      return new PostgresWorld(clock, random, lease, opened);
    }

    /** Ends the nodes of the last world. */
    void end() {
      opened.forEach(Store::close);
      opened.clear();
    }

    @Override
    public void close() throws SQLException {
      end();
      execute("DROP TRIGGER live ON coatcheck.node; DROP FUNCTION coatcheck.live()");
    }
  }

  @Override
  public Place place() {
    return new Life();
  }

  private final class Life implements Place {

    private @Nullable Store store;

    @Override
    public Store open() {
      if (store != null) {
        store.close();
      }
      try {
        store =
            TestDatabase.open(
                new PostgresOptions(
                    TestDatabase.url(), clock, random, lease, INDEXED, Weights.EVEN));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      opened.add(store);
      store.signals().listen(hints);
      return new Joined(store, hints);
    }
  }

  @Override
  public boolean extendsBesideOthers() {
    return false;
  }

  @Override
  public Reader reader() {
    return TestDatabase.reader(StoreClock.of(clock), INDEXED);
  }

  @Override
  public Signals signals() {
    return hints;
  }

  /** A node that hears of the changes of all. */
  private static final class Joined extends dev.coatcheck.simulation.store.ForwardingStore {

    private final Signals hints;

    Joined(Store inner, Signals hints) {
      super(inner);
      this.hints = hints;
    }

    @Override
    public Signals signals() {
      return hints;
    }
  }

  /** Passes on what is told in a task of the world, which are the only virtual threads. */
  private static final class Hints implements Signals, Signals.Listener {

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public boolean lossy() {
      return true;
    }

    @Override
    public void listen(Listener listener) {
      listeners.add(listener);
    }

    private void pass(java.util.function.Consumer<Listener> hint) {
      if (Thread.currentThread().isVirtual()) {
        listeners.forEach(hint);
      }
    }

    @Override
    public void work(String worker) {
      pass(listener -> listener.work(worker));
    }

    @Override
    public void changed(JobId job, Phase phase) {
      pass(listener -> listener.changed(job, phase));
    }

    @Override
    public void due(Instant at) {
      pass(listener -> listener.due(at));
    }
  }
}
