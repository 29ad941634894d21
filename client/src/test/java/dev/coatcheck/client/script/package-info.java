/** A server that answers as a test tells it. */
@NullMarked
package dev.coatcheck.client.script;

import org.jspecify.annotations.NullMarked;
