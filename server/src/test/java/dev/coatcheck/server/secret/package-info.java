@NullMarked
package dev.coatcheck.server.secret;

import org.jspecify.annotations.NullMarked;
