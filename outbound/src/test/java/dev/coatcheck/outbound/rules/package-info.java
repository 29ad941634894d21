/** What may be called. */
@NullMarked
package dev.coatcheck.outbound.rules;

import org.jspecify.annotations.NullMarked;
