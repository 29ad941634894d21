/** A pull runner: leases jobs over HTTP, calls handlers, tells what became of them. */
@NullMarked
package dev.coatcheck.client.runner;

import org.jspecify.annotations.NullMarked;
