/** Nouns of a schedule: when it names an instant, what it submits then. No clock and no I/O. */
@NullMarked
package dev.coatcheck.schedule;

import org.jspecify.annotations.NullMarked;
