/** The engine's behaviour, on the in-memory store and real threads. */
@NullMarked
package dev.coatcheck.engine;

import org.jspecify.annotations.NullMarked;
