/** A store that fails in every way that a store may, and tells a witness what it does. */
@NullMarked
package dev.coatcheck.simulation.store;

import org.jspecify.annotations.NullMarked;
