/** Keeps jobs in a PostgreSQL database that several nodes share. */
@NullMarked
package dev.coatcheck.store.postgres;

import org.jspecify.annotations.NullMarked;
