/** Handing jobs in, following them and collecting what became of them. */
@NullMarked
package dev.coatcheck.client;

import org.jspecify.annotations.NullMarked;
