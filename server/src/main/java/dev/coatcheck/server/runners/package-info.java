/** Runners elsewhere: they lease jobs, tell how the work goes, and how it ended. */
@NullMarked
package dev.coatcheck.server.runners;

import org.jspecify.annotations.NullMarked;
