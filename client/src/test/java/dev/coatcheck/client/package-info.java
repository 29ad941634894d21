/** The client against a scripted server. */
@NullMarked
package dev.coatcheck.client;

import org.jspecify.annotations.NullMarked;
