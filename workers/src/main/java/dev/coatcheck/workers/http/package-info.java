/** The worker {@code http}: one request to a host that the operator allows. */
@NullMarked
package dev.coatcheck.workers.http;

import org.jspecify.annotations.NullMarked;
