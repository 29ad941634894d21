package dev.coatcheck.workers.summarize;

import dev.coatcheck.workers.summarize.Summary.ChosenSentence;
import dev.coatcheck.workers.summarize.document.Block;
import dev.coatcheck.workers.summarize.document.Checkpoint;
import dev.coatcheck.workers.summarize.document.Document;
import dev.coatcheck.workers.summarize.document.Pages;
import dev.coatcheck.workers.summarize.document.UnsupportedInputException;
import dev.coatcheck.workers.summarize.language.Sentence;
import dev.coatcheck.workers.summarize.language.SentenceSplitter;
import dev.coatcheck.workers.summarize.language.SentenceSplitter.Split;
import dev.coatcheck.workers.summarize.language.TextLanguage;
import dev.coatcheck.workers.summarize.language.Words;
import dev.coatcheck.workers.summarize.rank.Analysis;
import dev.coatcheck.workers.summarize.rank.Budget;
import dev.coatcheck.workers.summarize.rank.Candidates;
import dev.coatcheck.workers.summarize.rank.KeyPoints;
import dev.coatcheck.workers.summarize.rank.Keywords;
import dev.coatcheck.workers.summarize.rank.MarginalRelevance;
import dev.coatcheck.workers.summarize.rank.Relevance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** One run of the summarizer over one document. */
final class Summarization {

  private final Document document;
  private final SummaryOptions options;
  private final Progress progress;
  private final TextLanguage language;

  Summarization(Document document, SummaryOptions options, Progress progress) {
    this.document = document;
    this.options = options;
    this.progress = progress;
    this.language = TextLanguage.of(options.language(), document.text(), document.language());
  }

  Summary run() {
    Split split = split();
    Analysis analysis = analyze(split.sentences());
    double[] scores = Relevance.scores(analysis, Stage.RANKING.begin(progress, null));
    Checkpoint choosing = Stage.CHOOSING.begin(progress, null);
    List<ChosenSentence> chosen =
        choose(analysis, scores, split.sentences().size(), choosing.part(0, 0.4));
    Summary summary = summary(split, analysis, scores, chosen, choosing);
    Stage.CHOOSING.finish(progress);
    return summary;
  }

  private Split split() {
    Checkpoint splitting = Stage.SPLITTING.begin(progress, null);
    Split split = SentenceSplitter.split(document, language.analysis(), splitting);
    if (split.sentences().isEmpty()) {
      throw new UnsupportedInputException("The text has no sentence to summarize.");
    }
    return split;
  }

  private Analysis analyze(List<Sentence> sentences) {
    Checkpoint weighing = Stage.WEIGHING.begin(progress, sentences.size() + " sentences");
    List<Sentence> candidates = Candidates.of(sentences, weighing.part(0, 0.2));
    return Analysis.of(candidates, document.title(), language.analysis(), weighing.part(0.2, 1));
  }

  private List<ChosenSentence> choose(
      Analysis analysis, double[] scores, int sentenceCount, Checkpoint checkpoint) {
    Integer maxWords = options.maxWords();
    Budget budget =
        new Budget(
            options.length().of(sentenceCount), maxWords == null ? Integer.MAX_VALUE : maxWords);
    List<Integer> chosen =
        MarginalRelevance.choose(
            analysis.vectors(), scores, analysis.wordCounts(), budget, checkpoint);
    return inOrder(analysis, scores, chosen);
  }

  private List<ChosenSentence> inOrder(Analysis analysis, double[] scores, List<Integer> chosen) {
    List<Integer> ranked = new ArrayList<>(chosen);
    ranked.sort(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i));
    List<ChosenSentence> sentences = new ArrayList<>();
    for (int rank = 0; rank < ranked.size(); rank++) {
      int number = ranked.get(rank);
      sentences.add(chosen(analysis.sentences().get(number), scores[number], rank + 1));
    }
    sentences.sort(Comparator.comparingInt(ChosenSentence::index));
    return sentences;
  }

  private ChosenSentence chosen(Sentence sentence, double score, int rank) {
    Pages pages = document.pages();
    Integer page = pages == null ? null : Integer.valueOf(pages.pageAt(sentence.start()));
    return new ChosenSentence(
        sentence.text(), score, rank, sentence.index(), sentence.start(), sentence.end(), page);
  }

  private Summary summary(
      Split split,
      Analysis analysis,
      double[] scores,
      List<ChosenSentence> chosen,
      Checkpoint choosing) {
    Pages pages = document.pages();
    return new Summary(
        document.title(),
        chosen.stream().map(ChosenSentence::text).collect(Collectors.joining(" ")),
        KeyPoints.of(analysis, scores, choosing.part(0.4, 0.6)),
        Keywords.of(analysis, choosing.part(0.6, 1)),
        wordCount(),
        split.sentences().size(),
        pages == null ? null : Integer.valueOf(pages.count()),
        language.code(),
        document.format().label(),
        document.truncated() || split.truncated(),
        chosen);
  }

  private int wordCount() {
    return document.blocks().stream()
        .filter(block -> block.kind() != Block.Kind.CODE)
        .mapToInt(block -> Words.count(document.textOf(block)))
        .sum();
  }
}
