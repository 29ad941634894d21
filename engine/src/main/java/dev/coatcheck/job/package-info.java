/** Nouns of a job: its identity, state, lifecycle, outcome. Pure values, no clock and no I/O. */
@NullMarked
package dev.coatcheck.job;

import org.jspecify.annotations.NullMarked;
