@NullMarked
package dev.coatcheck.server.files;

import org.jspecify.annotations.NullMarked;
