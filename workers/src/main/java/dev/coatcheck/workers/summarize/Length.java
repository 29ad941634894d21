package dev.coatcheck.workers.summarize;

/** How many sentences a summary has. */
public sealed interface Length {

  /** The most sentences a summary can have, however long the text. */
  int SENTENCES_MAX = 1_000;

  /** How many sentences to take of a text that has {@code available}; at least one. */
  int of(int available);

  /**
   * A fixed number.
   *
   * @param count 1 to 50
   */
  record Sentences(int count) implements Length {

    public Sentences {
      if (count < 1 || count > 50) {
        throw new IllegalArgumentException("sentences must be 1 to 50, got " + count);
      }
    }

    @Override
    public int of(int available) {
      return Math.min(count, available);
    }
  }

  /**
   * A share of the sentences of the text, at most {@value #SENTENCES_MAX}.
   *
   * @param share above 0, at most 1
   */
  record Ratio(double share) implements Length {

    public Ratio {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("ratio must be above 0 and at most 1, got " + share);
      }
    }

    @Override
    public int of(int available) {
      return Math.clamp(Math.round(share * available), 1, SENTENCES_MAX);
    }
  }
}
