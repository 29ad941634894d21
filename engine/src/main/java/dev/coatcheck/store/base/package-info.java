/** What durable stores have in common: how values are written as text, histories, hints. */
@NullMarked
package dev.coatcheck.store.base;

import org.jspecify.annotations.NullMarked;
