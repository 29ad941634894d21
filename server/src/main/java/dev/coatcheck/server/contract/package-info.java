/** What workers accept, as compiled schemas. */
@NullMarked
package dev.coatcheck.server.contract;

import org.jspecify.annotations.NullMarked;
