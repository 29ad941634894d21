/** Port to the code that does the work of a job in this process. */
@NullMarked
package dev.coatcheck.handler;

import org.jspecify.annotations.NullMarked;
