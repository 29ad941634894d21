/**
 * The guarded way out: HTTP to URLs that a caller can influence. Each request resolves its host
 * anew, checks every address, and connects to nothing else.
 */
@NullMarked
package dev.coatcheck.outbound;

import org.jspecify.annotations.NullMarked;
