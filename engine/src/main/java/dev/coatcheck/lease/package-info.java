/** Nouns of the right to work on a job: fence, token, grant. */
@NullMarked
package dev.coatcheck.lease;

import org.jspecify.annotations.NullMarked;
