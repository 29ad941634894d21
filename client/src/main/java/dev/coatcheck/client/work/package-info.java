/** What code that does the work of a job sees: the same in a pull runner and inside an engine. */
@NullMarked
package dev.coatcheck.client.work;

import org.jspecify.annotations.NullMarked;
