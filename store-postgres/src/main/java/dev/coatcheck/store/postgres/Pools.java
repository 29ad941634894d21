package dev.coatcheck.store.postgres;

import dev.coatcheck.store.StoreRefusedException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The connections of a node: few, however much goes on, and none that waits for another kind.
 *
 * @param changes for all that is written
 * @param pulse for the word that this node is alive
 * @param reads for the rest
 */
record Pools(Pool changes, Pool pulse, Pool reads) implements AutoCloseable {

  private static final int CHANGES = 3;
  private static final int READS = 4;

  /** Opens them, and brings the schema to the newest step. */
  static Pools open(Url url) throws SQLException {
    Pool changes = connect(url, "changes", CHANGES, false);
    Pool pulse = null;
    try {
      try (Connection connection = changes.connection()) {
        Migrations.run(connection);
      }
      pulse = connect(url, "pulse", 1, false);
      return new Pools(changes, pulse, connect(url, "reads", READS, true));
    } catch (SQLException | RuntimeException e) {
      changes.close();
      if (pulse != null) {
        pulse.close();
      }
      throw e;
    }
  }

  private static Pool connect(Url url, String name, int size, boolean readOnly) {
    try {
      return new Pool(url, name, size, readOnly);
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
