/** Group commit: everything that waits goes into one durable transaction. */
@NullMarked
package dev.coatcheck.commit;

import org.jspecify.annotations.NullMarked;
