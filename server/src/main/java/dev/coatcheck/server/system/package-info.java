/** Health, metrics, workers, the API's own description. */
@NullMarked
package dev.coatcheck.server.system;

import org.jspecify.annotations.NullMarked;
