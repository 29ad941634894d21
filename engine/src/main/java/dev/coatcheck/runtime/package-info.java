/** Port to time, chance and concurrency: engine code waits, forks and reads clocks only here. */
@NullMarked
package dev.coatcheck.runtime;

import org.jspecify.annotations.NullMarked;
