/** Files that callers hand in and jobs refer to: what is known of them, not their bytes. */
@NullMarked
package dev.coatcheck.file;

import org.jspecify.annotations.NullMarked;
