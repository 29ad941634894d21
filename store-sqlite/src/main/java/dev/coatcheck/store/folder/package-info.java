/** The bytes of files in a folder of this machine. */
@NullMarked
package dev.coatcheck.store.folder;

import org.jspecify.annotations.NullMarked;
