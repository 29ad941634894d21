/** A job's events, as a live stream and as pages. */
@NullMarked
package dev.coatcheck.server.stream;

import org.jspecify.annotations.NullMarked;
