/** Backups of a store in a file, and what is done with them. */
@NullMarked
package dev.coatcheck.server.backup;

import org.jspecify.annotations.NullMarked;
