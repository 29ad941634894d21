/** The guarded way out, against hosts that misbehave. */
@NullMarked
package dev.coatcheck.outbound;

import org.jspecify.annotations.NullMarked;
