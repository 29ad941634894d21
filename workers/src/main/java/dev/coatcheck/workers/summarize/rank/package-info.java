/**
 * Decides which sentences and words matter most. Works on sentences and terms, whatever document
 * they came from.
 */
@NullMarked
package dev.coatcheck.workers.summarize.rank;

import org.jspecify.annotations.NullMarked;
