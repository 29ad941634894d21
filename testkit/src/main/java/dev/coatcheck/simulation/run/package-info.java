/** Running many seeds: in parallel, resumed, made small, and put on a page. */
@NullMarked
package dev.coatcheck.simulation.run;

import org.jspecify.annotations.NullMarked;
