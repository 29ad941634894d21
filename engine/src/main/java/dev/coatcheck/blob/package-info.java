/** The port to where the bytes of files lie. */
@NullMarked
package dev.coatcheck.blob;

import org.jspecify.annotations.NullMarked;
