@NullMarked
package dev.coatcheck.server.workers;

import org.jspecify.annotations.NullMarked;
