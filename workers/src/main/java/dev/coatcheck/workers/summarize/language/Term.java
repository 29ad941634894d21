package dev.coatcheck.workers.summarize.language;

/**
 * A word that carries meaning, as found in a text.
 *
 * @param stem what it counts as
 * @param start offset of the word in that text
 * @param end offset one past the word
 */
public record Term(String stem, int start, int end) {}
