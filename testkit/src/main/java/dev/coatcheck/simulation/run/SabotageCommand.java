package dev.coatcheck.simulation.run;

import dev.coatcheck.simulation.sabotage.Mutation;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds each defect in, one after the other, and tells which of them the checker caught. */
final class SabotageCommand {

  private final PrintStream out;

  SabotageCommand(PrintStream out) {
    this.out = out;
  }

  /** Returns whether all were caught. */
  boolean run(int seedsMax, Path file) throws InterruptedException {
    List<ResultFile.Sabotaged> exams = new ArrayList<>();
    for (Mutation mutation : Mutation.values()) {
      Optional<Exam.Caught> caught = Exam.sit(mutation, 1, seedsMax);
      exams.add(
          new ResultFile.Sabotaged(
              mutation.name(),
              mutation.defect(),
              caught.isPresent(),
              caught.map(exam -> exam.by().invariant().name()).orElse(""),
              caught.map(Exam.Caught::seeds).orElse(seedsMax)));
      out.println(exams.getLast());
    }
    ResultFile.write(file, new ResultFile.Exams(exams, ResultFile.Origin.here()));
    return exams.stream().allMatch(ResultFile.Sabotaged::caught);
  }
}
