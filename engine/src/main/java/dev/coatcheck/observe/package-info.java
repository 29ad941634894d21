/** Watching jobs and measuring workers. */
@NullMarked
package dev.coatcheck.observe;

import org.jspecify.annotations.NullMarked;
