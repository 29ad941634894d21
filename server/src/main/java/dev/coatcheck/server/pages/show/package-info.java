/** What jobs hold and went through, made ready to be read by people. */
@NullMarked
package dev.coatcheck.server.pages.show;

import org.jspecify.annotations.NullMarked;
