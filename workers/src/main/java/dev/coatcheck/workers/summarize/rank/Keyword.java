package dev.coatcheck.workers.summarize.rank;

/**
 * A word or short phrase that a text is about.
 *
 * @param term as it is written in the text, most often
 * @param score how much of the text it accounts for, above 0 and at most 1; comparable within a
 *     text only
 */
public record Keyword(String term, double score) {}
