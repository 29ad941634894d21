/** Checks of the machine and the configuration. */
@NullMarked
package dev.coatcheck.cli.doctor;

import org.jspecify.annotations.NullMarked;
