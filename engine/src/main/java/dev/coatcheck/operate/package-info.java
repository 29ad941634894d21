/** Repeats and cancels many jobs: a few at once, and any number as an operation in slices. */
@NullMarked
package dev.coatcheck.operate;

import org.jspecify.annotations.NullMarked;
