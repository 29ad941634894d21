/** The engine under simulated faults, and the exam of what checks it. */
@NullMarked
package dev.coatcheck.simulation;

import org.jspecify.annotations.NullMarked;
