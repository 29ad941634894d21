/** Configuration: every key once, where its value came from, what is wrong with it. */
@NullMarked
package dev.coatcheck.server.config;

import org.jspecify.annotations.NullMarked;
