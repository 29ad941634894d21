/** Taking files in, and giving them out to those who may read them. */
@NullMarked
package dev.coatcheck.keep;

import org.jspecify.annotations.NullMarked;
