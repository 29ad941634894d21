/** Tests of the demo and of its documents. */
@NullMarked
package dev.coatcheck.cli.demo;

import org.jspecify.annotations.NullMarked;
