package dev.coatcheck.store;

import java.util.Locale;

/**
 * What an acknowledged job survives, as the store is set up.
 *
 * @param survives the worst that it survives
 * @param why what that rests on
 */
public record Durability(Survives survives, String why) {

  /** What may happen without a loss, each with what stands before it. */
  public enum Survives {
    /** The end of the store's process may lose what was acknowledged. */
    NOTHING("nothing"),
    /** The store's process ends at any moment. */
    PROCESS_CRASH("a crash of the store's process, not of its machine"),
    /** The operating system ends at any moment, or the power. */
    MACHINE_CRASH("a crash of the store's machine"),
    /** The machine is gone with its disk. */
    MACHINE_LOSS("the loss of the store's machine");

    private final String words;

    Survives(String words) {
      this.words = words;
    }

    /** For programs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether what was acknowledged may be lost when the power fails. */
  public boolean lossy() {
    return survives.compareTo(Survives.MACHINE_CRASH) < 0;
  }

  /** For people, in one line. */
  public String text() {
    String promise = "What is acknowledged survives " + survives.words + ": " + why + ".";
    return lossy() ? "An acknowledged job may be lost. " + promise : promise;
  }
}
