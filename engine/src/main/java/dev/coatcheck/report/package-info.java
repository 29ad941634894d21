/** How what a runner says, and how its attempt ends, comes to the store. */
@NullMarked
package dev.coatcheck.report;

import org.jspecify.annotations.NullMarked;
