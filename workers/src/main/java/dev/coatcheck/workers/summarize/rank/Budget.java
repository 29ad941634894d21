package dev.coatcheck.workers.summarize.rank;

/**
 * How much may be chosen.
 *
 * @param sentences at most this many sentences
 * @param words at most this many words together
 */
public record Budget(int sentences, int words) {}
