/** The handlers of a pull runner, run by an engine in the same process. */
@NullMarked
package dev.coatcheck.embed;

import org.jspecify.annotations.NullMarked;
