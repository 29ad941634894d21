/** The command line: one class for each command. */
@NullMarked
package dev.coatcheck.cli;

import org.jspecify.annotations.NullMarked;
