/** What the worker simulate does. */
@NullMarked
package dev.coatcheck.workers.simulate;

import org.jspecify.annotations.NullMarked;
