@NullMarked
package dev.coatcheck.server.config;

import org.jspecify.annotations.NullMarked;
