package dev.coatcheck.simulation.check;

/** What must hold in every run, by the numbers of the reliability page. */
public enum Invariant {
  I1("no acknowledged job is lost"),
  I2("one live attempt's result is recorded"),
  I3("cancel is transactional"),
  I6("submission is idempotent"),
  I8("only legal moves, one event for each"),
  I9("attempts are accounted"),
  I10("recovery is bounded"),
  I11("poison is isolated"),
  I12("leases are exclusive in store time"),
  I13("not before its time, with jitter"),
  I14("paid calls are bounded"),
  I15("a callback takes effect once"),
  I16("event streams are complete"),
  I17("what was told is found, and reads never go back"),
  I18("listed files are there"),
  I21("schedules fire once"),
  I26("the simulation repeats itself"),
  SOUND("no task ends by an exception");

  private final String promise;

  Invariant(String promise) {
    this.promise = promise;
  }

  public String promise() {
    return promise;
  }
}
