/** The five-minute tour: a server in this process, five documents, five summaries. */
@NullMarked
package dev.coatcheck.cli.demo;

import org.jspecify.annotations.NullMarked;
