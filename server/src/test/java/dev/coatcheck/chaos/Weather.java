package dev.coatcheck.chaos;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What may happen to connections, and how often.
 *
 * @param odds share of connections, 0 to 1, that something happens to
 * @param faults what may happen to them, each as likely as the others
 */
record Weather(double odds, List<Fault> faults) {

  static final Weather FAIR = new Weather(0, List.of());

  /** Everything, to every third connection. */
  static final Weather FOUL = new Weather(0.34, List.of(Fault.values()));

  /** What a network does to a connection. */
  enum Fault {
    /** Every piece is late, some more than others. */
    LATE,
    /** Every byte or few come alone. */
    SPLIT,
    /** Few bytes a second. */
    SLOW,
    /** A request goes through, and its reply is lost with the connection. */
    REPLY_LOST,
    /** A reset in the middle of a request. */
    RESET_REQUEST,
    /** A reset in the middle of a reply. */
    RESET_REPLY,
    /** Accepted, and never heard of again. */
    HALF_OPEN,
    /** From some byte on, what goes to the server vanishes. */
    DEAF_SERVER,
    /** From some byte on, what comes from the server vanishes. */
    DEAF_CLIENT
  }

  Weather {
    faults = List.copyOf(faults);
  }

  static Weather of(double odds, Fault... faults) {
    return new Weather(odds, List.of(faults));
  }

  /** What happens to one connection: the fault, and after how many bytes or replies. */
  Fate fate(RandomGenerator random) {
    if (faults.isEmpty() || random.nextDouble() >= odds) {
      return Fate.NONE;
    }
    Fault fault = faults.get(random.nextInt(faults.size()));
    return new Fate(fault, random.nextInt(900), random.nextInt(6), random.nextLong());
  }

  /**
   * What happens to one connection.
   *
   * @param bytes after how many bytes of the direction that suffers
   * @param replies after how many whole replies
   */
  record Fate(@org.jspecify.annotations.Nullable Fault fault, int bytes, int replies, long seed) {

    static final Fate NONE = new Fate(null, 0, 0, 0);

    boolean is(Fault other) {
      return fault == other;
    }
  }
}
