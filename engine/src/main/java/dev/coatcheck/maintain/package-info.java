/** Work that time brings: staging, rescuing, pruning. */
@NullMarked
package dev.coatcheck.maintain;

import org.jspecify.annotations.NullMarked;
