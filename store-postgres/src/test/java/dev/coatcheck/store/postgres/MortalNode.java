package dev.coatcheck.store.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coatcheck.store.Store;
import dev.coatcheck.store.StoreUnavailableException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A node that can die as a killed process does: its connections end, whatever is under way on them,
 * and nothing of it is heard any more.
 */
final class MortalNode implements AutoCloseable {

  private final Cable cable;
  private final PostgresStore store;
  private boolean dead;

  private MortalNode(Cable cable, PostgresStore store) {
    this.cable = cable;
    this.store = store;
  }

  /**
   * Opens a node on the database of a bench, and by its clock. It waits longer for answers than
   * others do, since what it says may be held back.
   */
  static MortalNode beside(PostgresBench bench) throws IOException {
    bench.store();
    Cable cable = Cable.to(TestDatabase.url());
    String url = cable.url() + (cable.url().contains("?") ? "&" : "?") + "socketTimeout=60";
    return new MortalNode(cable, PostgresStore.open(bench.options(url)));
  }

  Store store() {
    return store;
  }

  void die() throws IOException {
    dead = true;
    cable.close();
  }

  /** How a change comes to nothing. */
  enum Cut {
    THE_NODE_DIES_BEFORE_IT_SENDS_THE_COMMIT,
    THE_DATABASE_ENDS_ITS_PROCESS_WITHIN_THE_COMMIT
  }

  /** Makes a change that is not committed; the caller learns that it may not be. */
  void inVain(Cut cut, Function<Store, ?> change) throws Exception {
    switch (cut) {
      case THE_NODE_DIES_BEFORE_IT_SENDS_THE_COMMIT -> dieAt(Gate.Place.LAST_STATEMENT, change);
      case THE_DATABASE_ENDS_ITS_PROCESS_WITHIN_THE_COMMIT -> {
        try (Gate gate = Gate.at(Gate.Place.COMMIT)) {
          CompletableFuture<?> call = aside(() -> change.apply(store));
          gate.end(gate.awaitHeld());
          fails(call);
        }
      }
    }
  }

  /** Makes a change that is committed, and dies before it hears of that. */
  void unheard(Function<Store, ?> change) throws Exception {
    dieAt(Gate.Place.COMMIT, change);
  }

  private void dieAt(Gate.Place place, Function<Store, ?> change) throws Exception {
    try (Gate gate = Gate.at(place)) {
      CompletableFuture<?> call = aside(() -> change.apply(store));
      int process = gate.awaitHeld();
      die();
      fails(call);
      gate.open();
      gate.awaitGone(process);
    }
  }

  /** Begins it on a thread of its own, which may be held for long. */
  static <T> CompletableFuture<T> aside(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, task -> Thread.ofVirtual().start(task));
  }

  private static void fails(CompletableFuture<?> call) {
    assertThatThrownBy(call::get).hasCauseInstanceOf(StoreUnavailableException.class);
  }

  /** Without a farewell if it is dead: that would be waited for. */
  @Override
  public void close() throws IOException {
    if (dead) {
      Thread.ofVirtual().start(store::close);
    } else {
      store.close();
      cable.close();
    }
  }
}
