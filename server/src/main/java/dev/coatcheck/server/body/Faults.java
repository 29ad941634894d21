package dev.coatcheck.server.body;

import dev.coatcheck.server.http.Problem;
import dev.coatcheck.server.http.Problem.Fault;
import dev.coatcheck.server.http.ProblemCode;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a body, gathered so that a caller learns of all at once. */
public final class Faults {

  private final List<Fault> unknown = new ArrayList<>();
  private final List<Fault> invalid = new ArrayList<>();

  /** A member that nothing here knows. */
  void unknown(String pointer, String detail) {
    unknown.add(new Fault(pointer, detail));
  }

  /** A member that breaks the contract. */
  public void add(String pointer, String detail) {
    invalid.add(new Fault(pointer, detail));
  }

  public void addAll(List<Fault> faults) {
    invalid.addAll(faults);
  }

  /** Members that break the contract, in the order in which they were found. */
  public List<Fault> invalid() {
    return List.copyOf(invalid);
  }

  /** Throws a problem that tells everything, if there is anything; unknown members first. */
  public void check() {
    if (!unknown.isEmpty()) {
      throw Problem.of(ProblemCode.UNKNOWN_FIELD, unknown);
    }
    if (!invalid.isEmpty()) {
      throw Problem.of(ProblemCode.VALIDATION_FAILED, invalid);
    }
  }
}
