/** What can go wrong in a simulated world, how often, and what of it did. */
@NullMarked
package dev.coatcheck.simulation.faults;

import org.jspecify.annotations.NullMarked;
