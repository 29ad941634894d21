/** Nouns of a worker: its contract, limits, retry policy and retention. */
@NullMarked
package dev.coatcheck.worker;

import org.jspecify.annotations.NullMarked;
