/**
 * The simulated world: nodes with real engines, runners, clients, a provider, and who harms them.
 */
@NullMarked
package dev.coatcheck.simulation.world;

import org.jspecify.annotations.NullMarked;
