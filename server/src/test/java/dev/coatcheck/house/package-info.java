/**
 * Rules of the house as tests: arrows, cycles, where time and SQL may stand, docs that are true.
 */
@NullMarked
package dev.coatcheck.house;

import org.jspecify.annotations.NullMarked;
