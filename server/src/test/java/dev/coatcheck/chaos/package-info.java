/**
 * The real program under faults: witnesses write down what they see, and one checker reads it all.
 * No witness is the server itself.
 */
@NullMarked
package dev.coatcheck.chaos;

import org.jspecify.annotations.NullMarked;
