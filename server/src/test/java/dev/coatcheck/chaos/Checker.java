package dev.coatcheck.chaos;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what the witnesses wrote and says which promises were broken.
 *
 * <p>As a program: {@code Checker FOLDER} prints each broken promise with the few lines that show
 * it, and exits with 1 if there is one.
 */
final class Checker {

  private static final List<Invariant> ALL =
      List.of(
          new Acceptance(),
          new Fencing(),
          new Cancellation(),
          new Billing(),
          new Course(),
          new Reading(),
          new Overload());
  private static final int SHOWN = 20;

  private Checker() {}

  static List<Violation> check(History history) {
    Evidence evidence = Evidence.of(history);
    List<Violation> found = new ArrayList<>();
    ALL.forEach(invariant -> found.addAll(invariant.check(evidence)));
    return found;
  }

  /** The exit code. */
  static int report(History history, PrintStream out) {
    List<Violation> found = check(history);
    found.stream().limit(SHOWN).forEach(out::println);
    out.println(history.lines().size() + " lines, " + found.size() + " broken promises");
    return found.isEmpty() ? 0 : 1;
  }

  public static void main(String[] args) throws Exception {
    System.exit(report(History.read(Path.of(args[0])), System.out));
  }
}
