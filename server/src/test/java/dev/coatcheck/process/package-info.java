/** The real program in a process of its own: started, killed, started again. */
@NullMarked
package dev.coatcheck.process;

import org.jspecify.annotations.NullMarked;
