/** JSON bodies: read whole, every fault noted with its place. */
@NullMarked
package dev.coatcheck.server.body;

import org.jspecify.annotations.NullMarked;
