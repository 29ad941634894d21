/** Loading the URLs that submitters name, by the rules for outbound calls. */
@NullMarked
package dev.coatcheck.workers.summarize.fetch;

import org.jspecify.annotations.NullMarked;
