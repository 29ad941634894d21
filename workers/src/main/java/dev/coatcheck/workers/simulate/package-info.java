/** The worker {@code simulate}: behaves as told, for trying out everything around it. */
@NullMarked
package dev.coatcheck.workers.simulate;

import org.jspecify.annotations.NullMarked;
