/** The engine as an embedding program sees it: build one, submit jobs, read them, stop it. */
@NullMarked
package dev.coatcheck;

import org.jspecify.annotations.NullMarked;
