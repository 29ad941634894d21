/** The server as the command line needs it, so that it need not know how one is built. */
@NullMarked
package dev.coatcheck.cli.host;

import org.jspecify.annotations.NullMarked;
