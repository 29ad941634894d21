/**
 * What is known of natural languages: which one a text is in, where its sentences end, what its
 * words are.
 */
@NullMarked
package dev.coatcheck.workers.summarize.language;

import org.jspecify.annotations.NullMarked;
