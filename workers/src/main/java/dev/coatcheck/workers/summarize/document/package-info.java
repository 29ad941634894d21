/**
 * Turns what was handed in into plain text with a known structure. Knows nothing of sentences or
 * ranking.
 */
@NullMarked
package dev.coatcheck.workers.summarize.document;

import org.jspecify.annotations.NullMarked;
