package dev.coatcheck.chaos;

import java.util.List;

/**
 * A broken promise.
 *
 * @param invariant its short name, like {@code I1}
 * @param witness the lines that show it, as few as possible
 */
record Violation(String invariant, String text, List<History.Line> witness) {

  static Violation of(String invariant, String text, History.Line... witness) {
    return new Violation(invariant, text, List.of(witness));
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(invariant).append(": ").append(text);
    witness.forEach(line -> out.append("\n    ").append(line));
    return out.toString();
  }
}
