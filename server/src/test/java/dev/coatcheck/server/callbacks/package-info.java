/** The limits of callbacks, model-checked. */
@NullMarked
package dev.coatcheck.server.callbacks;

import org.jspecify.annotations.NullMarked;
