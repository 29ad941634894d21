package dev.coatcheck.simulation.machine;

/**
 * Unwinds a task whose process has been killed: nothing that it does from here on has an effect.
 */
public final class Killed extends Error {

  private static final long serialVersionUID = 1L;

  Killed() {
    super("the process was killed", null, false, false);
  }
}
