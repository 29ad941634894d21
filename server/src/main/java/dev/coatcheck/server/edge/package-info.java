/** Jetty: sockets, framing, slow clients, who may come in. */
@NullMarked
package dev.coatcheck.server.edge;

import org.jspecify.annotations.NullMarked;
