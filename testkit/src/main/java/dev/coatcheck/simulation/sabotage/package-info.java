/** Defects built in on purpose, each taken from a real incident: the checker's own exam. */
@NullMarked
package dev.coatcheck.simulation.sabotage;

import org.jspecify.annotations.NullMarked;
