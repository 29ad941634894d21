/** The runtime port on real threads and clocks of the JVM. */
@NullMarked
package dev.coatcheck.runtime.jvm;

import org.jspecify.annotations.NullMarked;
