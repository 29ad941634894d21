package dev.coatcheck.cli.doctor;

/** What one check found. */
public record Finding(String check, Grade grade, String detail) {

  /** How good or bad it is. */
  public enum Grade {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, Grade.OK, detail);
  }

  static Finding warn(String check, String detail) {
    return new Finding(check, Grade.WARN, detail);
  }

  static Finding fail(String check, String detail) {
    return new Finding(check, Grade.FAIL, detail);
  }
}
