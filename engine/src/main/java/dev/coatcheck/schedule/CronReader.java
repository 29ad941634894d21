package dev.coatcheck.schedule;

import java.time.Instant;
import java.util.Optional;

/** Understands cron expressions. The engine has none of its own. */
public interface CronReader {

  /**
   * The first instant after the given one; empty if there is none. A local time that a change of
   * the clocks leaves out stands for the first instant after the gap; one that comes twice stands
   * for the first of the two.
   *
   * @throws IllegalArgumentException if the expression is none; the message says why
   */
  Optional<Instant> next(Timing.Cron cron, Instant after);
}
