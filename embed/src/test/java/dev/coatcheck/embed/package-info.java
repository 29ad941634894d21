/** Handlers of a runner on a real engine. */
@NullMarked
package dev.coatcheck.embed;

import org.jspecify.annotations.NullMarked;
