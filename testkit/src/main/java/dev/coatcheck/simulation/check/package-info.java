/** What independent witnesses saw of a simulated world, and the rules that it is held against. */
@NullMarked
package dev.coatcheck.simulation.check;

import org.jspecify.annotations.NullMarked;
