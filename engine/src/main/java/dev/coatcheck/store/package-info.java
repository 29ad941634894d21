/** Port to the durable store: commands in, sealed results out, one transaction a call. */
@NullMarked
package dev.coatcheck.store;

import org.jspecify.annotations.NullMarked;
