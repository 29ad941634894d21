package dev.coatcheck.store.postgres;

import dev.coatcheck.store.StoreRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The connections of a node: few, however much goes on, and none that waits for another kind.
 *
 * @param changes for all that is written
 * @param pulse for the word that this node is alive
 * @param reads for the rest
 */
record Pools(Pool changes, Pool pulse, Pool reads) implements AutoCloseable {

  /** Short where a group of changes that waits may be followed by another. */
  private static final Pool.Purpose CHANGES =
      new Pool.Purpose("changes", 3, Duration.ofMillis(2_500), false);

  private static final Pool.Purpose PULSE =
      new Pool.Purpose("pulse", 1, Duration.ofSeconds(2), false);
  private static final Pool.Purpose READS =
      new Pool.Purpose("reads", 4, Duration.ofSeconds(4), true);

  /** How long one step of the schema, or another node that takes it, may last. */
  private static final int STEP_MS = 600_000;

  /** Opens them, and brings the schema to the newest step. */
  static Pools open(Url url) throws SQLException {
    Pool changes = connect(url, CHANGES);
    Pool pulse = null;
    try {
      try (Connection connection = changes.connection()) {
        connection.setNetworkTimeout(Runnable::run, STEP_MS);
        Migrations.run(connection);
      }
      pulse = connect(url, PULSE);
      return new Pools(changes, pulse, connect(url, READS));
    } catch (SQLException | RuntimeException e) {
      changes.close();
      if (pulse != null) {
        pulse.close();
      }
      throw e;
    }
  }

  private static Pool connect(Url url, Pool.Purpose purpose) {
    try {
      return new Pool(url, purpose);
    } catch (RuntimeException e) {
      throw new StoreRefusedException("cannot open " + url + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    reads.close();
    changes.close();
    pulse.close();
  }
}
