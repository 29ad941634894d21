/** What the worker http does. */
@NullMarked
package dev.coatcheck.workers.summarize.fetch;

import org.jspecify.annotations.NullMarked;
