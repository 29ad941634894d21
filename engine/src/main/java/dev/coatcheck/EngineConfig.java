package dev.coatcheck;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.jvm.JvmMachine;

/**
 * How an engine runs.
 *
 * @param machine what time, chance and threads are taken from
 * @param cores attempts of computing workers at once
 */
public record EngineConfig(Machine machine, int cores) {

  public static EngineConfig defaults() {
    return new EngineConfig(new JvmMachine(), Runtime.getRuntime().availableProcessors());
  }
}
