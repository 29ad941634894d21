/** One request and its answer: problems, queries, preferences, bodies. */
@NullMarked
package dev.coatcheck.server.http;

import org.jspecify.annotations.NullMarked;
