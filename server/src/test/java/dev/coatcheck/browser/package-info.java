/** The pages in a real browser, against a real server on a real store. */
@NullMarked
package dev.coatcheck.browser;

import org.jspecify.annotations.NullMarked;
