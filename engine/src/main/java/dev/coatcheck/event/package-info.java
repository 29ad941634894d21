/** Nouns of a job's history: what streams, pages and webhooks carry. */
@NullMarked
package dev.coatcheck.event;

import org.jspecify.annotations.NullMarked;
