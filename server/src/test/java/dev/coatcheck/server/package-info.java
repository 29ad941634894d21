@NullMarked
package dev.coatcheck.server;

import org.jspecify.annotations.NullMarked;
