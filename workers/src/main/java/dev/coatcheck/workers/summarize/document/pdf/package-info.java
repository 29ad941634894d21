/** Reads the text of PDF files, within limits of memory and work that no file can exceed. */
@NullMarked
package dev.coatcheck.workers.summarize.document.pdf;

import org.jspecify.annotations.NullMarked;
