/** Gives each instant of a schedule its job, when it comes. */
@NullMarked
package dev.coatcheck.tick;

import org.jspecify.annotations.NullMarked;
