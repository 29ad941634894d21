/** The client's side of the HTTP API: calls, live events, watching a job to its end. */
@NullMarked
package dev.coatcheck.cli.client;

import org.jspecify.annotations.NullMarked;
