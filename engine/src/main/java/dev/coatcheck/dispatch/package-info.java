/** Claims work that can start, runs it, records how it ended. */
@NullMarked
package dev.coatcheck.dispatch;

import org.jspecify.annotations.NullMarked;
