/** Reads what a web page says, without what a web site puts around it. */
@NullMarked
package dev.coatcheck.workers.summarize.document.html;

import org.jspecify.annotations.NullMarked;
