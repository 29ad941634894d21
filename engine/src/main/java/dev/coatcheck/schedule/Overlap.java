package dev.coatcheck.schedule;

import java.util.Locale;

/** Whether an instant gets a job while another job of the schedule is open. */
public enum Overlap {
  ALLOW,
  SKIP;

  private final String wire = name().toLowerCase(Locale.ROOT);

  /** The name in JSON and SQL. */
  public String wire() {
    return wire;
  }
}
