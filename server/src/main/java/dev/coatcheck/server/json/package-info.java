/** JSON at the edge: strict reading, raw copies that alter nothing, one writer. */
@NullMarked
package dev.coatcheck.server.json;

import org.jspecify.annotations.NullMarked;
