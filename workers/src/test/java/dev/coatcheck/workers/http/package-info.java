/** What the worker http does. */
@NullMarked
package dev.coatcheck.workers.http;

import org.jspecify.annotations.NullMarked;
