/**
 * What reads the words of strangers, fed with whatever Jazzer makes up. A target is a class with
 * {@code fuzzerTestOneInput}; targets of what is not public stand beside it.
 */
@NullMarked
package dev.coatcheck.fuzz;

import org.jspecify.annotations.NullMarked;
