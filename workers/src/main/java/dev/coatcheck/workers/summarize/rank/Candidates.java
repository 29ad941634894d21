package dev.coatcheck.workers.summarize.rank;

import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.language.Sentence;
import dev.coatcheck.workers.summarize.language.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which sentences may be chosen at all: each only once, and no debris of menus and tables. */
public final class Candidates {

  private static final int WORDS_MIN = 4;
  private static final double LETTERS_MIN = 0.6;
  private static final double CAPITALS_MAX = 0.7;

  private Candidates() {}

  /** The sentences worth ranking, in order; if none is, every different one. */
  public static List<Sentence> of(List<Sentence> sentences, Checkpoint checkpoint) {
    Set<String> seen = new HashSet<>();
    List<Sentence> different = new ArrayList<>();
    List<Sentence> good = new ArrayList<>();
    for (Sentence sentence : sentences) {
      checkpoint.pass(sentence.index(), sentences.size());
      if (seen.add(sentence.text().toLowerCase(Locale.ROOT))) {
        different.add(sentence);
        if (!isDebris(sentence.text())) {
          good.add(sentence);
        }
      }
    }
    return good.isEmpty() ? different : good;
  }

  private static boolean isDebris(String text) {
    return Words.count(text) < WORDS_MIN
        || Characters.share(text, Character::isLetter) < LETTERS_MIN
        || Characters.share(text, Character::isUpperCase) > CAPITALS_MAX;
  }
}
