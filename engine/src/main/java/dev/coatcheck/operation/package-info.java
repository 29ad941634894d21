/** Work on many jobs at once that is done in slices: what it is to do and how far it is. */
@NullMarked
package dev.coatcheck.operation;

import org.jspecify.annotations.NullMarked;
