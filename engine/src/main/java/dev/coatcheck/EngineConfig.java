package dev.coatcheck;

import dev.coatcheck.runtime.Machine;
import dev.coatcheck.runtime.jvm.JvmMachine;

/**
 * How an engine runs.
 *
 * @param machine what time, chance and threads are taken from
 * @param cores attempts of computing workers at once
 * @param outputMax bytes of output at most; more fails the job with {@code output_too_large}
 */
public record EngineConfig(Machine machine, int cores, int outputMax) {

  private static final int OUTPUT_MAX = 1 << 20;

  public static EngineConfig defaults() {
    return on(new JvmMachine());
  }

  /** The defaults, on another machine. */
  public static EngineConfig on(Machine machine) {
    return new EngineConfig(machine, Runtime.getRuntime().availableProcessors(), OUTPUT_MAX);
  }

  public EngineConfig withOutputMax(int bytes) {
    return new EngineConfig(machine, cores, bytes);
  }
}
