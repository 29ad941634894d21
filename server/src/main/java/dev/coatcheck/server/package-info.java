/** The deployable: HTTP, configuration and the wiring of engine, store and workers. */
@NullMarked
package dev.coatcheck.server;

import org.jspecify.annotations.NullMarked;
