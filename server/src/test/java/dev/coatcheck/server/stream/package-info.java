@NullMarked
package dev.coatcheck.server.stream;

import org.jspecify.annotations.NullMarked;
