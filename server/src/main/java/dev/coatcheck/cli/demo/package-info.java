/** The five-minute tour: a server in this process, three texts, three summaries. */
@NullMarked
package dev.coatcheck.cli.demo;

import org.jspecify.annotations.NullMarked;
