/**
 * What may be called: rules for URLs and for the addresses behind them. Values and tables only;
 * nothing here resolves a name or opens a connection.
 */
@NullMarked
package dev.coatcheck.outbound.rules;

import org.jspecify.annotations.NullMarked;
