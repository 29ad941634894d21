package dev.coatcheck;

import java.util.List;

/** What became of many submissions of which all or none were to be taken. */
public sealed interface SubmittedAll {

  /** A job stands for each of them, in their order. */
  record All(List<Submitted> answers) implements SubmittedAll {

    public All {
      answers = List.copyOf(answers);
    }
  }

  /**
   * None was taken.
   *
   * @param place of the first that was refused, from 0
   */
  record None(int place, Submitted refusal) implements SubmittedAll {}
}
