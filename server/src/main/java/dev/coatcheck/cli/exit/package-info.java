/** How a command ends when it cannot do its work. */
@NullMarked
package dev.coatcheck.cli.exit;

import org.jspecify.annotations.NullMarked;
