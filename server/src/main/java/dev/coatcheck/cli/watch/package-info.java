/** How a watched job is shown: a bar drawn over itself, or plain lines. */
@NullMarked
package dev.coatcheck.cli.watch;

import org.jspecify.annotations.NullMarked;
