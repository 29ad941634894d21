/** Workers over HTTP: what they are, how they do, and defining them. */
@NullMarked
package dev.coatcheck.server.workers;

import org.jspecify.annotations.NullMarked;
