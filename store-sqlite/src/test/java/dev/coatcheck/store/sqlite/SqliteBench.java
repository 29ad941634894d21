package dev.coatcheck.store.sqlite;

import dev.coatcheck.store.Store;
import dev.coatcheck.testkit.StoreBench;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** The SQLite store on a bench, in a file of its own. */
final class SqliteBench extends StoreBench {

  private final Path directory;
  private final Path file;
  private long openings;

  SqliteBench(Path directory) {
    this.directory = directory;
    file = directory.resolve("jobs.db");
  }

  Path directory() {
    return directory;
  }

  Path file() {
    return file;
  }

  SqliteOptions options() {
    return SqliteOptions.of(file, clock(), new SplittableRandom(++openings)).withWeights(WEIGHTS);
  }

  SqliteStore sqlite() {
    return (SqliteStore) store();
  }

  @Override
  protected Store open() {
    return SqliteStore.open(options());
  }

  @Override
  protected Store reopen(Store old) {
    old.close();
    return open();
  }
}
