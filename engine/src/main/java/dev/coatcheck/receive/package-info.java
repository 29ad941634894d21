/** Takes in what third parties call back. */
@NullMarked
package dev.coatcheck.receive;

import org.jspecify.annotations.NullMarked;
