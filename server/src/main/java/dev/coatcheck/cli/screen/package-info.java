/** What a person sees: colour, widths, times, bars, and text made safe to show. */
@NullMarked
package dev.coatcheck.cli.screen;

import org.jspecify.annotations.NullMarked;
