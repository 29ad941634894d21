/** Finds out what an input is, and has it read by whoever reads that. */
@NullMarked
package dev.coatcheck.workers.summarize.reading;

import org.jspecify.annotations.NullMarked;
