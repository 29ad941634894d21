/** HTTP and JSON under the client: single calls, and calls that are repeated when that is safe. */
@NullMarked
package dev.coatcheck.client.http;

import org.jspecify.annotations.NullMarked;
