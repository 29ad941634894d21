/** Lends jobs to runners elsewhere and takes back what they make of them. */
@NullMarked
package dev.coatcheck.lend;

import org.jspecify.annotations.NullMarked;
