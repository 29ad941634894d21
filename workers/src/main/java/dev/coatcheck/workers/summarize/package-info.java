/**
 * The extractive summarizer: picks the sentences that say most about a text. Pure functions of
 * their input.
 */
@NullMarked
package dev.coatcheck.workers.summarize;

import org.jspecify.annotations.NullMarked;
