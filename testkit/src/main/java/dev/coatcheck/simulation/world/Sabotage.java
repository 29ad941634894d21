package dev.coatcheck.simulation.world;

import dev.coatcheck.job.JobId;
import dev.coatcheck.simulation.machine.SimMachine;
import dev.coatcheck.store.Reader;
import dev.coatcheck.store.Store;
import java.util.function.Consumer;

/** A defect built into a world on purpose, between the engine and its store. */
public interface Sabotage {

  /** The store of a node, with its defect. */
  Store of(Store honest, SimMachine node);

  /** What is read, with the defect's traces in it. */
  default Reader sees(Reader honest) {
    return honest;
  }

  /** Takes whom to tell of jobs that the defect changed. */
  default void tells(Consumer<JobId> changed) {}

  /** No defect. */
  static Sabotage none() {
    return (honest, node) -> honest;
  }
}
