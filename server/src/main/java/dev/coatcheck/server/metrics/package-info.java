/** Figures for Prometheus. */
@NullMarked
package dev.coatcheck.server.metrics;

import org.jspecify.annotations.NullMarked;
