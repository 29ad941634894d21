/** A machine whose time is virtual and whose seed decides which of its tasks goes on next. */
@NullMarked
package dev.coatcheck.simulation.machine;

import org.jspecify.annotations.NullMarked;
