/** The runner against a scripted server. */
@NullMarked
package dev.coatcheck.client.runner;

import org.jspecify.annotations.NullMarked;
