/** Runners as processes of their own, in several languages, against a real server. */
@NullMarked
package dev.coatcheck.runners;

import org.jspecify.annotations.NullMarked;
