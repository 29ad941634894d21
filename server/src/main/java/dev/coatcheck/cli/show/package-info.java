/** Jobs, workers and summaries as a person reads them. */
@NullMarked
package dev.coatcheck.cli.show;

import org.jspecify.annotations.NullMarked;
