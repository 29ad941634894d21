/** Nouns of incoming notices: the token that a provider calls back with, and what it brings. */
@NullMarked
package dev.coatcheck.callback;

import org.jspecify.annotations.NullMarked;
