/** Callbacks of third parties, who have no key but the token in the URL. */
@NullMarked
package dev.coatcheck.server.callbacks;

import org.jspecify.annotations.NullMarked;
