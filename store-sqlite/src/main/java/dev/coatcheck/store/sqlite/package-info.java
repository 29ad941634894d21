/** Keeps jobs in one SQLite file that one process owns: one writer, group commit, a few readers. */
@NullMarked
package dev.coatcheck.store.sqlite;

import org.jspecify.annotations.NullMarked;
