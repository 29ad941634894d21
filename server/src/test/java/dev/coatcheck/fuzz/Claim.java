package dev.coatcheck.fuzz;

/** What must hold of every input. */
public final class Claim {

  private Claim() {}

  public static void that(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
