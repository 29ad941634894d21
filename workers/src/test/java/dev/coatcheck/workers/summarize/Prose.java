package dev.coatcheck.workers.summarize;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Sentences made from a seed, each different, of the length and the words of a report. */
public final class Prose {

  private static final List<String> SUBJECTS =
      List.of(
          "harbour authority",
          "night ferry",
          "committee",
          "weather station",
          "lighthouse keeper",
          "maintenance department",
          "northern breakwater",
          "survey",
          "pilot association",
          "fishing fleet",
          "engineer",
          "tide gauge",
          "insurance company",
          "customs officer");
  private static final List<String> VERBS =
      List.of(
          "reported",
          "inspected",
          "postponed",
          "measured",
          "recommended",
          "replaced",
          "questioned",
          "described",
          "reconsidered",
          "documented",
          "transferred",
          "strengthened");
  private static final List<String> OBJECTS =
      List.of(
          "the foundation of the outer wall",
          "a considerable number of moorings",
          "the administrative responsibility",
          "its unusually precise instruments",
          "the extraordinary winter of the storm",
          "every container in the warehouse",
          "the electrical installation",
          "the international regulations",
          "the old fog signal");
  private static final List<String> ENDS =
      List.of(
          "before the autumn storms arrived",
          "because the channel had silted up again",
          "although nobody had asked for an investigation",
          "while the crew waited on the quay",
          "so that navigation could continue without interruption",
          "after the neighbouring municipality had withdrawn",
          "in spite of the expense");

  private final SplittableRandom random;
  private int number;

  public Prose(long seed) {
    random = new SplittableRandom(seed);
  }

  public String sentence() {
    number++;
    return "In entry "
        + number
        + " the "
        + one(SUBJECTS)
        + " "
        + one(VERBS)
        + " "
        + one(OBJECTS)
        + " "
        + one(ENDS)
        + ".";
  }

  public List<String> sentences(int count) {
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sentences.add(sentence());
    }
    return sentences;
  }

  private String one(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
