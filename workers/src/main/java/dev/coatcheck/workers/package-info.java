/** What the built-in workers share: JSON in and out, schemas from resources. */
@NullMarked
package dev.coatcheck.workers;

import org.jspecify.annotations.NullMarked;
