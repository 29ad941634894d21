/** The command line against a real server. */
@NullMarked
package dev.coatcheck.cli;

import org.jspecify.annotations.NullMarked;
