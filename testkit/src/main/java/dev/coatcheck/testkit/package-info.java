/**
 * For tests of stores and of what runs on them: contracts, an in-memory store, a clock, builders.
 */
@NullMarked
package dev.coatcheck.testkit;

import org.jspecify.annotations.NullMarked;
